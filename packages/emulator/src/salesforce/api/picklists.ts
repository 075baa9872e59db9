import { methodNotAllowed, notFound } from '../errors.ts'
import { normaliseId } from '../ids.ts'
import { recordTypesOf, valuesFor } from '../records/record-types.ts'
import type { ApiAnswer, ApiCall, Org } from './call.ts'
import { masterRecordType } from './describe.ts'

/** `GET ui-api/object-info/<object>/picklist-values/<record type id>` (crm-apis.md 2.4): what a page of this type offers. */
export function answerPicklists(call: ApiCall, org: Org): ApiAnswer {
  const [, info, name = '', what, id = '', ...rest] = call.segments
  if (info !== 'object-info' || what !== 'picklist-values' || rest.length > 0) throw notFound()
  if (call.method !== 'GET') throw methodNotAllowed(call.method, 'GET')
  const object = org.schema().objectNamed(name)
  if (!object) throw notFound()
  const wanted = normaliseId(id)
  const recordType = recordTypesOf(object, org.store).find((row) => row.Id === wanted)
  if (!recordType && wanted !== masterRecordType) throw notFound()
  const url = `/services/data/${call.version}/ui-api/object-info/${object.name}/picklist-values/${String(wanted)}`
  const picklists = object.fields.filter(({ type }) => type === 'picklist' || type === 'multipicklist')
  const picklistFieldValues = Object.fromEntries(
    picklists.map((field) => {
      const values = valuesFor(object, field, recordType?.DeveloperName)
      const shown = values.map(({ label, value }) => ({ attributes: null, label, validFor: [], value }))
      const defaultValue = shown.find((_, index) => values[index]?.defaultValue) ?? null
      return [field.name, { controllerValues: {}, defaultValue, url: `${url}/${field.name}`, values: shown }]
    }),
  )
  return { status: 200, value: { picklistFieldValues } }
}
