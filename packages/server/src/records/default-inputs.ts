/** The built-in inputs of the create form, as the admin switched them (D-DEF, S-DEF). Pure. */
import {
  type DefaultFieldDescriptor,
  type EntityDescriptor,
  type FieldDescriptor,
  providerDefinitions,
} from '@backchannel/providers'
import { fieldsByName } from '../integrations/metadata-fields.ts'
import type { EntityTypeSnapshot } from '../integrations/settings.ts'
import type { DefaultFieldSnapshot, IntegrationSnapshot } from '../integrations/snapshot.ts'
import type { PlanNote } from '../plans/plan.ts'
import { encodeId } from '../shared/global-id.ts'
import type { AccountKind } from './account-kind.ts'
import { type FormFieldPlan, rulesOf } from './form-field.ts'
import { prefill, type VisitorValues } from './visitor-values.ts'

export interface DefaultInputsInput {
  integration: IntegrationSnapshot
  entityType: EntityTypeSnapshot
  metadata: EntityDescriptor
  accountKind: AccountKind | null
  visitor: VisitorValues | null
}

/** Salesforce's account number, which has a switch besides its own two. */
const accountNumberField = 'AccountNumber'

/** The id of a built-in field of a form. */
export const defaultFieldId = ({ id }: Pick<EntityTypeSnapshot, 'id'>, name: string) =>
  encodeId('FormField', `${id}:${name}`)

/** A built-in field that belongs on the form and that the org does not have, or does not let our user write. */
export interface MissingInput {
  /** Of the field, as on a form that was opened before. */
  readonly id: string
  readonly name: string
  /** False where a setting says which field of the org it goes to. */
  readonly isVendors: boolean
  readonly note: PlanNote
}

export function defaultInputs(input: DefaultInputsInput): { fields: FormFieldPlan[]; missing: MissingInput[] } {
  const { integration, entityType, metadata, accountKind, visitor } = input
  const inOrg = fieldsByName(metadata)
  const fields: FormFieldPlan[] = []
  const missing: MissingInput[] = []
  for (const builtIn of builtInFields(integration, entityType)) {
    if (builtIn.accountKind !== undefined && builtIn.accountKind !== (accountKind ?? 'BUSINESS')) continue
    if (builtIn.name === accountNumberField && integration.settings.salesforce?.accountNumberUsed === false) continue
    const stored = switchesOf(builtIn, integration.defaultFields)
    const settingId = stored && encodeId('DefaultField', stored.id)
    const chosen = stored ?? { required: false, showOnForm: true }
    const name = boundName(builtIn, integration, accountKind)
    const found = name === null ? undefined : inOrg.get(name)
    const demanded = builtIn.demandedByCrm || found?.required === true
    // Hidden wins over required, except where the CRM itself demands the field.
    if (!demanded && !chosen.showOnForm) continue
    if (found?.writable !== true) {
      // Where there are person accounts, that business accounts have no e-mail address is no surprise.
      if (name === null && accountKind === 'BUSINESS') continue
      missing.push({
        id: defaultFieldId(entityType, builtIn.name),
        name: name ?? builtIn.name,
        isVendors: name === builtIn.name,
        note: { code: 'FIELD_MISSING', text: reasonFor(builtIn, name, found), settingId },
      })
      continue
    }
    fields.push({
      ...rulesOf(found, builtIn.label),
      id: defaultFieldId(entityType, builtIn.name),
      type: found.options.length > 0 ? found.type : builtIn.type,
      group: 'DEFAULT',
      target: 'RECORD',
      settingId,
      required: demanded || chosen.required,
      defaultValue: visitor && prefill(builtIn.prefill, visitor, found.maxLength),
      placeholder: null,
      help: null,
      lookup: null,
    })
  }
  return { fields, missing }
}

/** Of an added entity type there is the field that names a record (D-ENT-05); by a name alone can it be found again. */
function builtInFields(
  { provider }: IntegrationSnapshot,
  { kind, primaryField, primaryFieldLabel }: EntityTypeSnapshot,
): readonly Omit<DefaultFieldDescriptor, 'kind'>[] {
  if (kind !== 'CUSTOM') {
    return providerDefinitions[provider].descriptor.defaultFields.filter((field) => field.kind === kind)
  }
  const named = { name: primaryField, label: primaryFieldLabel, type: 'TEXT', prefill: null } as const
  return [{ ...named, demandedByCrm: true, switchable: false }]
}

function switchesOf(builtIn: Omit<DefaultFieldDescriptor, 'kind'>, switches: readonly DefaultFieldSnapshot[]) {
  const kind = 'kind' in builtIn ? builtIn.kind : null
  return builtIn.switchable ? (switches.find((it) => it.kind === kind && it.name === builtIn.name) ?? null) : null
}

const isAccountEmail = (builtIn: Omit<DefaultFieldDescriptor, 'kind'>, { settings }: IntegrationSnapshot) =>
  settings.salesforce !== null && builtIn.prefill === 'EMAIL' && 'kind' in builtIn && builtIn.kind === 'ACCOUNT'

/** A business account of Salesforce has no e-mail field of its own: the admin names one, or there is none. */
function boundName(
  builtIn: Omit<DefaultFieldDescriptor, 'kind'>,
  integration: IntegrationSnapshot,
  accountKind: AccountKind | null,
): string | null {
  if (!isAccountEmail(builtIn, integration) || accountKind === 'PERSON') return builtIn.name
  return integration.settings.salesforce?.accountEmailField ?? null
}

function reasonFor({ label }: { label: string }, name: string | null, found: FieldDescriptor | undefined): string {
  if (name === null) {
    return `${label} is left out: business accounts have no e-mail field, and the settings name none for it.`
  }
  if (found !== undefined) return `${label} is left out: our user in the org may not write ${name}.`
  return `${label} is left out: the org has no field ${name}, or our user there may not see it.`
}
