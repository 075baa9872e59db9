/** Whether a value that a record holds is the one that a filter of the settings asks for. Pure. */
import type { RecordFieldValue } from '@backchannel/providers'
import type { FieldFilter } from '../integrations/settings.ts'

/** Compared as a search compares (`FieldCondition`): text whole and without case, numbers by their worth, a look-up by key or name. */
export function passesFilter(held: RecordFieldValue | undefined, { value, relatedEntity }: FieldFilter): boolean {
  if (held === undefined || held.raw === null) return false
  const { type, raw, reference } = held
  switch (type) {
    case 'LOOKUP': {
      if (relatedEntity !== null && reference !== null && reference.entityName !== relatedEntity) return false
      const key = reference?.remoteId ?? text(raw)
      // Salesforce spells a key with 15 or with 18 characters (crm-apis.md 2.4).
      return alike(key, value) || alike(key.slice(0, 15), value) || alike(reference?.name ?? held.value ?? '', value)
    }
    case 'WHOLE_NUMBER':
    case 'CURRENCY':
    case 'DECIMAL':
      return value.trim() !== '' && Number(raw) === Number(value)
    case 'MULTI_OPTION_SET':
      return text(raw)
        .split(/[;,]/)
        .some((chosen) => alike(chosen, value))
    case 'DATE':
      return text(raw).slice(0, 10) === value.slice(0, 10)
    case 'DATE_TIME':
      // A filter may name a day only.
      return value.length === 10 ? text(raw).startsWith(value) : Date.parse(text(raw)) === Date.parse(value)
    default:
      return alike(text(raw), value)
  }
}

const text = (raw: unknown): string => (typeof raw === 'string' ? raw : JSON.stringify(raw))

const alike = (held: string, wanted: string) => held.trim().toLowerCase() === wanted.trim().toLowerCase()
