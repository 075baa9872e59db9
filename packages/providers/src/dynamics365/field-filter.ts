/** Questions to single fields as OData (crm-apis.md 1.5). Pure. */
import type { FieldTest } from '../search/index.ts'
import type { FieldMetadata } from './metadata-rows.ts'
import {
  anyOf,
  contains,
  containsAnyOption,
  equals,
  equalsAnyGuid,
  equalsAnyOption,
  equalsDay,
  equalsNumber,
  equalsTime,
  equalsTruth,
  isGuid,
  isOnDay,
} from './odata.ts'

/** Dataverse keeps moments from 1753 to 9999, and refuses a query that names another. */
const firstDay = '1753-01-01'

/**
 * Null where the field cannot be asked this: a lookup without a way to its targets' names, a day that no row can hold.
 *
 * @param namePaths for a lookup: where its targets keep their names, `parentcustomerid_account/name`
 */
export function toFieldFilter(test: FieldTest, field: FieldMetadata, namePaths: readonly string[]): string | null {
  const { column } = field
  switch (test.kind) {
    case 'TEXT':
      return test.part ? contains(column, test.text) : equals(column, test.text)
    case 'NUMBER':
      return equalsNumber(column, test.number)
    case 'DAY':
      if (test.day < firstDay) return null
      return field.bareDate ? equalsDay(column, test.day) : isOnDay(column, test.day)
    case 'TIME':
      // A year of more than four digits, or before the first, begins with a sign, which comes before all digits.
      if (test.time < firstDay) return null
      return field.bareDate ? equalsDay(column, test.time.slice(0, 10)) : equalsTime(column, test.time)
    case 'TRUTH':
      return equalsTruth(column, test.truth)
    case 'OPTIONS':
      return field.type === 'MULTI_OPTION_SET'
        ? containsAnyOption(column, test.options)
        : equalsAnyOption(column, test.options)
    case 'LOOKUP': {
      if (!test.part && isGuid(test.text)) return equalsAnyGuid(column, [test.text])
      const terms = namePaths.map((path) => (test.part ? contains(path, test.text) : equals(path, test.text)))
      return terms.length === 0 ? null : anyOf(terms)
    }
  }
}
