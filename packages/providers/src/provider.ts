/** The contract between the product and a CRM vendor. A vendor is a `ProviderDefinition`: what it is, and how to get one. */
import type { ProviderError } from './errors.ts'
import type { CallGate, CallOptions, HttpClient } from './http/index.ts'
import type {
  ActivityChange,
  ActivityDraft,
  ActivityKey,
  ActivityType,
  ActivityTypeDescriptor,
  CrmActivity,
  CrmRecord,
  EntityDescriptor,
  EntityKind,
  EntitySummary,
  FieldType,
  FieldValue,
  RecordAttribute,
  RecordChange,
  RecordSelection,
  RemoteReference,
  SearchRequest,
  SearchResult,
  Successor,
} from './model/index.ts'
import type { SignInFlow } from './sign-in.ts'

export type { CallOptions }

export const providerKeys = ['DYNAMICS', 'SALESFORCE'] as const
export type ProviderKey = (typeof providerKeys)[number]

// ------------------------------------------------------------------------------------------------ what a vendor is

/** One input of a connect form. */
export interface ConnectFieldDescriptor {
  name: string
  label: string
  help?: string
  placeholder?: string
  required: boolean
  /** Write-only: encrypted at rest and never given back. */
  secret: boolean
}

/** One way of connecting. `redirects`: the person signs in at the vendor's own page. */
export interface ConnectMethodDescriptor {
  key: string
  label: string
  help?: string
  redirects: boolean
  fields: readonly ConnectFieldDescriptor[]
}

export interface FieldTypeDescriptor {
  type: FieldType
  label: string
  /** Offered for export fields. */
  inExport: boolean
  /** Whether the admin may set a maximum length. */
  maxLength: boolean
}

/** One of the three entity types that every integration starts with. */
export interface DefaultEntityDescriptor {
  kind: Exclude<EntityKind, 'CUSTOM'>
  /** The CRM's name of it. */
  name: string
  displayName: string
  primaryField: string
  primaryFieldLabel: string
}

/** One built-in field of the create form, in the order of the form. */
export interface DefaultFieldDescriptor {
  kind: Exclude<EntityKind, 'CUSTOM'>
  /** The CRM's own field name. */
  name: string
  label: string
  type: FieldType
  /** The CRM refuses a record without it: always required, always shown. */
  demandedByCrm: boolean
  /** The admin may switch required and show-on-form (the D-DEF and S-DEF rows); otherwise it is always on the form. */
  switchable: boolean
  /** Only on the form of this kind of account; undefined: on both. */
  accountKind?: 'BUSINESS' | 'PERSON'
  /** Which visitor value pre-fills it. */
  prefill: 'FIRST_NAME' | 'LAST_NAME' | 'FULL_NAME' | 'PHONE' | 'EMAIL' | null
}

/** One built-in column of results (SEARCH) or line of details (DETAIL), in its order (the D-DET and S-DET rows). */
export interface ShownFieldDescriptor {
  kind: Exclude<EntityKind, 'CUSTOM'>
  view: 'SEARCH' | 'DETAIL'
  attribute: RecordAttribute | 'name'
  /** The CRM's own field name. */
  name: string
  label: string
  type: FieldType
}

/** What the settings of one vendor have that another's have not (the X-DIF rows). */
export interface SettingsDescriptor {
  /** Whether an added entity type may be closed to search; otherwise it is always searchable. */
  entitySearchSwitch: boolean
  /** The field type that a chat variable goes with; null: none is asked for. */
  variableFieldType: FieldType | null
  /** The label of a backend look-up input. */
  backendLookupLabel: 'NONE' | 'OPTIONAL'
  /** The activity's field that a backend field of target ACTIVITY may name; null: there is no such target. */
  activitySubjectField: string | null
  /** What the forms call an input, where the vendors differ. */
  labels: {
    /** The label of a detail field. */
    detailFieldLabel: string
    /** The CRM's name of a backend field. */
    backendFieldName: string
  }
}

/** Plain data. Forms, their validation and the stored shape of settings come from it. */
export interface ProviderDescriptor {
  key: ProviderKey
  displayName: string
  documentationUrl: string
  connectLabel: string
  panelLabel: string
  methods: readonly ConnectMethodDescriptor[]
  fieldTypes: readonly FieldTypeDescriptor[]
  settings: SettingsDescriptor
  entityTypes: readonly DefaultEntityDescriptor[]
  defaultFields: readonly DefaultFieldDescriptor[]
  shownFields: readonly ShownFieldDescriptor[]
  /** Where transcripts go unless the admin says otherwise. */
  activityType: ActivityType
  /** The last part of the address that the vendor's sign-in page sends the browser back to: `/auth/callback/…`. */
  callback: string
}

// ------------------------------------------------------------------------------------------------ what it needs

/** Tokens of one integration, as a vendor keeps them. Opaque to everybody else; encrypted at rest by who implements the port. */
export interface StoredTokens {
  accessToken: string
  refreshToken: string | null
  /** Milliseconds since 1970; null where the vendor does not say (Salesforce). */
  expiresAt: number | null
  /** The address that the token is for, where the vendor names one (Salesforce `instance_url`). */
  instanceUrl: string | null
}

/** Where tokens live between calls and processes. */
export interface TokenStore {
  read(): Promise<StoredTokens | null>
  /** Committed when it resolves: a new refresh token is kept before it is used. */
  replace(tokens: StoredTokens | null): Promise<void>
  /** Runs `work` while nobody else, in any process, holds the lock of this integration. */
  withLock<T>(work: () => Promise<T>): Promise<T>
}

export interface ProviderPorts {
  http: HttpClient
  /** What other processes that call the same org have a part in; none where there are no others. */
  gate?: CallGate
  tokens: TokenStore
  /** Milliseconds since 1970. */
  now: () => number
  /** Told of every call to the CRM, for logs and metrics; never holds bodies, queries or personal data. */
  onCall?: (call: ProviderCall) => void
}

export interface ProviderCall {
  provider: ProviderKey
  operation: string
  method: string
  status: number | null
  durationMs: number
  error: ProviderError['code'] | null
}

// ------------------------------------------------------------------------------------------------ what it does

/** Who we are in the CRM, and what is missing there. */
export interface CredentialsCheck {
  orgId: string
  orgName: string | null
  /** The address that records open under. */
  url: string
  /** The user or application that we act as, for people. */
  connectedAs: string
  /** What works less well than it could, or not at all, in words that an admin can act on. */
  problems: { code: ProviderError['code']; message: string }[]
}

export interface ProviderCapabilities {
  /** True: filing an activity twice with one key makes one. False: it is looked for first, which is weaker. */
  keyedActivities: boolean
  /** True: creating a record twice with one key makes one. */
  keyedRecords: boolean
}

/** What is known of the org's API budget, from the answers so far. */
export interface ProviderLimits {
  used: number | null
  limit: number | null
  /** Milliseconds since 1970. */
  throttledUntil: number | null
}

export interface DescribeOptions extends CallOptions {
  /** Asks the org although what is known may still be good: something that it names was refused. */
  fresh?: boolean | undefined
  /** Options are those valid for this record type (Salesforce), by its name. */
  recordType?: string | undefined
}

export interface CreateRecordRequest {
  entityName: string
  kind: EntityKind
  values: readonly FieldValue[]
  /** Person or business account (Salesforce). */
  accountKind?: 'BUSINESS' | 'PERSON'
  recordType?: string
  /** UUID: makes the create repeatable where `keyedRecords` holds. */
  key: string
  /** Save although the CRM's duplicate rules object, where they let us. */
  allowDuplicate: boolean
}

/**
 * One org of a vendor, for one integration. Safe to keep; touches the network only when asked. Every method that
 * returns a promise rejects with `ProviderError` only.
 */
export interface CrmProvider {
  readonly key: ProviderKey
  capabilities(options?: CallOptions): Promise<ProviderCapabilities>
  limits(): ProviderLimits

  /** Asks the CRM who we are there, whatever pause of ours is on (ruling 15). Rejects where nothing works at all. */
  checkCredentials(options?: CallOptions): Promise<CredentialsCheck>

  /** All entity types that the org has, without their fields. Cached. */
  listEntityTypes(options?: CallOptions): Promise<EntitySummary[]>
  /**
   * One entity type with its fields; null where the org has none of that name. Cached: the same object until the org has
   * been read anew.
   */
  describeEntityType(name: string, options?: DescribeOptions): Promise<EntityDescriptor | null>
  /** What a kind of activity can hold. Null where the org has no such activity type. Cached. */
  describeActivityType(type: ActivityType, options?: CallOptions): Promise<ActivityTypeDescriptor | null>

  /** One HTTP request for all targets and identifiers; a second one only where nothing was hit and patterns may find more. */
  searchRecords(request: SearchRequest, options?: CallOptions): Promise<SearchResult>
  /** Rows by key, in the order asked, null where there is none. One request for up to 200 ids. */
  findRecords(
    entityName: string,
    remoteIds: readonly string[],
    selection: RecordSelection,
    options?: CallOptions,
  ): Promise<(CrmRecord | null)[]>

  /** Answers the new row's key. Repeating it with the same `key` answers the same one where `keyedRecords` holds. */
  createRecord(request: CreateRecordRequest, options?: CallOptions): Promise<RemoteReference>
  /** Writes only the fields given. NOT_FOUND where the row is gone: never creates one. */
  updateRecord(reference: RemoteReference, change: RecordChange, options?: CallOptions): Promise<void>

  /**
   * The record that stands for this one now, one step of it; null where it stands for itself, or the CRM does not tell.
   * Asked when something is CRM_RECORD_GONE.
   */
  findSuccessor(reference: RemoteReference, options?: CallOptions): Promise<Successor | null>

  /**
   * Creates the activity, or answers the one that already has this key, untouched. CRM_RECORD_GONE where the record is
   * deleted, or another one stands for it.
   */
  fileActivity(draft: ActivityDraft, options?: CallOptions): Promise<{ activity: CrmActivity; created: boolean }>
  /** The activity as it is now; null where it is gone. */
  findActivity(type: ActivityType, remoteId: string, options?: CallOptions): Promise<CrmActivity | null>
  /** The activity that carries this key; null where none does. */
  findActivityByKey(type: ActivityType, key: ActivityKey, options?: CallOptions): Promise<CrmActivity | null>
  /** Changes text and state, in this order. CRM_NOT_CLOSABLE where a note is asked to close. */
  updateActivity(
    type: ActivityType,
    remoteId: string,
    change: ActivityChange,
    options?: CallOptions,
  ): Promise<CrmActivity>

  /** Where a record opens in the CRM's own pages. */
  recordUrl(reference: RemoteReference): string
  /** Ends what is held open. */
  close(): Promise<void>
}

// ------------------------------------------------------------------------------------------------ what makes a vendor

/** Everything about one vendor. `Config` is one integration's decrypted configuration, plain JSON. */
export interface ProviderDefinition<Config = unknown> {
  descriptor: ProviderDescriptor
  /** Turns stored JSON into a config, or throws with what is wrong. */
  parseConfig(json: unknown): Config
  create(config: Config, ports: ProviderPorts): CrmProvider
  signIn?: SignInFlow<Config>
}
