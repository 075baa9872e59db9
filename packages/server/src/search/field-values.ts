/** What an agent typed into boxes of the search form: read by the settings, checked by the org's metadata. Pure. */
import type { EntityDescriptor, FieldCondition } from '@backchannel/providers'
import { fieldsByName } from '../integrations/metadata-fields.ts'
import type { EntityTypeSnapshot, ShownField } from '../integrations/settings.ts'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'
import { checkValue } from '../records/field-value.ts'
import { rulesOf } from '../records/form-field.ts'
import { type FieldValueInput, unknownTo } from '../records/read-form.ts'
import type { FieldError } from '../shared/errors.ts'
import { encodeId } from '../shared/global-id.ts'
import { searchBoxes, typeOf, unlimited } from './searched-fields.ts'

/** One box that was filled in. */
export interface AskedValue {
  readonly field: ShownField
  /** All of them hold: several only of a field that takes several. */
  readonly texts: readonly string[]
  /** Of its input. */
  readonly path: readonly string[]
}

/** Names a box of the search form. */
export const searchBoxId = ({ id }: Pick<ShownField, 'id'>) => encodeId('FormField', `SearchField:${id}`)

const maxValues = 50
const maxLength = 500

/**
 * An id names one box, a name those of all entity types that are searched. What is blank asks for nothing.
 *
 * @param searched the entity types that are searched, by integration
 */
export function readFieldValues(
  searched: readonly (readonly [IntegrationSnapshot, readonly EntityTypeSnapshot[]])[],
  inputs: readonly FieldValueInput[],
): { asked: AskedValue[]; faults: FieldError[] } {
  const path = ['input', 'fieldValues']
  if (inputs.length > maxValues) {
    return { asked: [], faults: [{ path, message: `Give at most ${maxValues} values.` }] }
  }
  const boxes = searched.flatMap(([integration, entityTypes]) =>
    entityTypes.flatMap((entityType) => searchBoxes(integration, entityType.id)),
  )
  const asked: AskedValue[] = []
  const faults: FieldError[] = []
  inputs.forEach((input, index) => {
    const fields = boxes.filter((box) => (input.fieldId ? searchBoxId(box) === input.fieldId : box.name === input.name))
    const place = [...path, String(index), fields[0]?.name ?? input.name ?? 'fieldId']
    const texts = (input.values ?? [input.value ?? '']).map((text) => text.trim()).filter(Boolean)
    if (fields.length === 0) {
      faults.push({ path: place, message: `${unknownTo('The search form', input)} Take ids or names from panel.` })
    } else if (texts.length > maxValues || texts.some((text) => text.length > maxLength)) {
      faults.push({ path: place, message: `Search for ${maxLength} characters at most.` })
    } else if (texts.length > 0) {
      asked.push(...fields.map((field) => ({ field, texts, path: place })))
    }
  })
  return { asked, faults }
}

/** The conditions that the values make, or what is wrong with them. A box that the org has no field for is left out. */
export function toConditions(
  asked: readonly AskedValue[],
  metadata: EntityDescriptor,
): { conditions: FieldCondition[]; faults: FieldError[] } {
  const conditions: FieldCondition[] = []
  const faults: FieldError[] = []
  for (const { field, texts, path } of asked) {
    const found = fieldsByName(metadata).get(field.name)
    if (!found?.filterable) {
      faults.push({ path, message: `${field.label} cannot be searched: the org has no such field to filter by.` })
      continue
    }
    const type = typeOf(found, field.fieldType)
    if (texts.length > 1 && type !== 'MULTI_OPTION_SET') {
      faults.push({ path, message: `${field.label} takes one value.` })
      continue
    }
    const rules = { ...rulesOf(found, field.label), ...unlimited, restricted: found.restricted, type }
    for (const value of texts) {
      const fault = type === 'LOOKUP' ? null : checkValue(rules, { value }).fault
      if (fault !== null) faults.push({ path, message: fault })
      else conditions.push({ name: field.name, type, value, relatedEntity: found.targets[0] ?? null })
    }
  }
  return { conditions, faults }
}
