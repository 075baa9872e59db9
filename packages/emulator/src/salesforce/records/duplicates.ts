import { SalesforceError } from '../errors.ts'
import type { SObject } from '../metadata/schema.ts'
import type { RecordContext } from './context.ts'
import { rowsWith } from './values.ts'

const message = "You're creating a duplicate record. We recommend you use an existing record instead."

/** From this version on the platform spells the key right (crm-apis.md 2.11 saw the other in v54 and v56). */
const rightlySpeltSince = 57

/**
 * The standard rule of contacts and leads: the same e-mail address and last name. As an alert rule the header lets the row
 * pass; as a block rule nothing does.
 */
export function checkDuplicates(object: SObject, row: Record<string, unknown>, context: RecordContext): void {
  if (object.name !== 'Contact' && object.name !== 'Lead') return
  if (context.allowDuplicates && !context.duplicatesBlocked) return
  if (typeof row.Email !== 'string' || typeof row.LastName !== 'string') return
  const lastName = row.LastName.toLowerCase()
  const matches = rowsWith(context, object.name, 'Email', row.Email).filter(
    (one) => one.Id !== row.Id && String(one.LastName).toLowerCase() === lastName,
  )
  if (matches.length === 0) return
  const result = {
    allowSave: !context.duplicatesBlocked,
    duplicateRule: `Standard_${object.name}_Duplicate_Rule`,
    duplicateRuleEntityType: object.name,
    errorMessage: message,
    matchResults: [
      {
        entityType: object.name,
        errors: [],
        matchEngine: 'FuzzyMatchEngine',
        matchRecords: matches.map((one) => ({
          additionalInformation: [],
          fieldDiffs: [],
          matchConfidence: 100,
          record: {
            attributes: {
              type: object.name,
              url: `/services/data/${context.version}/sobjects/${object.name}/${String(one.Id)}`,
            },
            Id: one.Id,
          },
        })),
        rule: `Standard_${object.name}_Match_Rule_v1_1`,
        size: matches.length,
        success: true,
      },
    ],
  }
  const key = Number(context.version.slice(1)) >= rightlySpeltSince ? 'duplicateResult' : 'duplicateResut'
  throw new SalesforceError(400, { [key]: result, errorCode: 'DUPLICATES_DETECTED', message })
}
