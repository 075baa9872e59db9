/** One run of the suite: a provider of the org, what it sent, and rows to find. */
import { randomInt, randomUUID } from 'node:crypto'
import { ProviderError, type ProviderErrorCode } from '../errors.ts'
import { createHttpClient, type HttpClient } from '../http/index.ts'
import type {
  EntityKind,
  FieldType,
  FieldValue,
  RecordAttribute,
  RecordSelection,
  RemoteReference,
} from '../model/index.ts'
import type { CrmProvider, ProviderPorts, TokenStore } from '../provider.ts'
import type { ProviderUnderTest } from './org.ts'
import { createMemoryTokenStore } from './token-store.ts'

interface SentCall {
  url: string
  method: string
  signIn: boolean
  aborted: boolean
}

type DefaultKind = Exclude<EntityKind, 'CUSTOM'>

/** Values of a new person or company, by attribute. */
type Given = Partial<Record<RecordAttribute | 'name', string>>

export interface Session {
  provider: CrmProvider
  tokens: TokenStore
  /** Another provider of the same org and token store: another process. */
  another(): CrmProvider
  ports(tokens?: TokenStore): ProviderPorts
  /** Data requests that `work` made. */
  count<T>(work: () => Promise<T>): Promise<{ result: T; requests: number; signIns: number; calls: SentCall[] }>
  create(
    kind: DefaultKind,
    given: Given,
    options?: { key?: string; allowDuplicate?: boolean },
  ): Promise<RemoteReference>
  entityName(kind: DefaultKind): string
  /** The CRM's own name of the field that holds an attribute. */
  fieldName(kind: DefaultKind, attribute: RecordAttribute | 'name'): string
  close(): Promise<void>
}

export const nothingElse: RecordSelection = { attributes: [], fields: [] }

export async function openSession(org: ProviderUnderTest): Promise<Session> {
  const calls: SentCall[] = []
  const http = createHttpClient({ allowedHosts: org.network?.allowedHosts ?? [] })
  const recording: HttpClient = {
    async send(request) {
      const call = {
        url: request.url,
        method: request.method,
        signIn: org.network?.isSignIn(request.url) ?? false,
        aborted: false,
      }
      calls.push(call)
      request.signal?.addEventListener('abort', () => {
        call.aborted = true
      })
      return http.send(request)
    },
    problemOf: http.problemOf,
    close: () => http.close(),
  }
  const tokens = createMemoryTokenStore((await org.network?.signIn(http)) ?? null)
  const opened: CrmProvider[] = []

  function ports(store: TokenStore = tokens): ProviderPorts {
    return { http: recording, tokens: store, now: Date.now }
  }

  function another(): CrmProvider {
    const provider = org.create(ports())
    opened.push(provider)
    return provider
  }

  function entityName(kind: DefaultKind): string {
    const type = org.descriptor.entityTypes.find((candidate) => candidate.kind === kind)
    if (type === undefined) throw new Error(`The descriptor has no ${kind}.`)
    return type.name
  }

  function fieldName(kind: DefaultKind, attribute: RecordAttribute | 'name'): string {
    const { defaultFields, shownFields } = org.descriptor
    const prefill = prefills[attribute]
    const field =
      defaultFields.find(
        (candidate) => candidate.kind === kind && prefill !== undefined && candidate.prefill === prefill,
      ) ?? shownFields.find((candidate) => candidate.kind === kind && candidate.attribute === attribute)
    if (field === undefined) throw new Error(`The descriptor names no ${attribute} of ${kind}.`)
    return field.name
  }

  const provider = another()
  return {
    provider,
    tokens,
    another,
    ports,
    entityName,
    fieldName,
    async count(work) {
      const before = calls.length
      const counted = org.countRequests?.() ?? 0
      const result = await work()
      const made = calls.slice(before)
      const signIns = made.filter((call) => call.signIn).length
      const requests = org.countRequests ? org.countRequests() - counted : made.length - signIns
      return { result, requests, signIns, calls: made }
    },
    create(kind, given, { key = randomUUID(), allowDuplicate = true } = {}) {
      const demanded: Given = kind === 'ACCOUNT' ? { name: 'Acme' } : { lastName: 'Person' }
      if (kind === 'LEAD') demanded.company = 'Acme'
      const values = Object.entries({ ...demanded, ...given }).map(([attribute, value]) => {
        const type: FieldType = attribute === 'phone' ? 'PHONE' : attribute === 'email' ? 'EMAIL' : 'TEXT'
        return fieldValue(fieldName(kind, attribute as RecordAttribute), type, value)
      })
      return provider.createRecord({ entityName: entityName(kind), kind, values, key, allowDuplicate })
    },
    async close() {
      await Promise.all(opened.map((each) => each.close()))
      await http.close()
      await org.close?.()
    },
  }
}

const prefills: Partial<Record<RecordAttribute | 'name', string>> = {
  firstName: 'FIRST_NAME',
  lastName: 'LAST_NAME',
  name: 'FULL_NAME',
  phone: 'PHONE',
  email: 'EMAIL',
}

export function fieldValue(name: string, type: FieldType, value: string): FieldValue {
  return { name, type, value, values: null, reference: null }
}

/** A number of Alaska that no other row has. */
export function freshPhone(): { e164: string; digits: string } {
  const digits = `907${randomInt(200, 999)}${String(randomInt(0, 10_000)).padStart(4, '0')}`
  return { e164: `+1${digits}`, digits }
}

export function freshWord(): string {
  return `Z${randomUUID().replace(/[^a-z]/g, '')}${randomUUID().replace(/[^a-z]/g, '')}`
}

export function freshEmail(): string {
  return `${freshWord().toLowerCase()}@people.example`
}

/** The error of an operation that must fail. */
export async function errorOf(operation: Promise<unknown>): Promise<ProviderError> {
  const outcome = await operation.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  if ('value' in outcome) throw new Error(`It succeeded: ${JSON.stringify(outcome.value)}`)
  if (outcome.error instanceof ProviderError) return outcome.error
  throw outcome.error
}

export async function codeOf(operation: Promise<unknown>): Promise<ProviderErrorCode> {
  return (await errorOf(operation)).code
}
