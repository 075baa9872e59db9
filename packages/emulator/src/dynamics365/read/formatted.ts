/** Values as the vendor shows them to a person in US English. */
import { type Row, type Store, textOf } from '../../store.ts'
import { type Attribute, isLookup, type Model, targetField } from '../schema/index.ts'

/** The text of the FormattedValue annotation; undefined for plain texts, ids and empty values. */
export function formatValue(attribute: Attribute, row: Row, model: Model, store: Store): string | undefined {
  const value = row[attribute.property]
  const { definition } = attribute
  if (value === null || value === undefined) return undefined
  if (isLookup(definition)) return lookupName(attribute, row, model, store)
  switch (definition.type) {
    case 'Picklist':
    case 'State':
    case 'Status':
      return definition.options.find((option) => option.value === value)?.label
    case 'MultiSelectPicklist':
      return textOf(value)
        .split(',')
        .map((chosen) => definition.options.find((option) => String(option.value) === chosen)?.label ?? chosen)
        .join('; ')
    case 'Boolean':
      return value ? definition.trueLabel : definition.falseLabel
    case 'Money':
      return `$${formatNumber(Number(value), definition.precision)}`
    case 'Decimal':
    case 'Double':
      return formatNumber(Number(value), definition.precision)
    case 'Integer':
    case 'BigInt':
      return formatNumber(Number(value), 0)
    case 'DateTime':
      return formatTime(textOf(value), definition.dateOnly ?? false)
    default:
      return undefined
  }
}

function lookupName(attribute: Attribute, row: Row, model: Model, store: Store): string | undefined {
  const target = model.entities.get(String(row[targetField(attribute)]))
  const name = target && store.table(target.name).get(String(row[attribute.property]))?.[target.definition.primaryName]
  return typeof name === 'string' ? name : undefined
}

function formatNumber(value: number, digits: number): string {
  const [whole = '', fraction] = value.toFixed(digits).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}

function formatTime(value: string, dateOnly: boolean): string {
  const [year, month, day, hour = 0, minute = 0] = value.split(/[-T:Z]/).map(Number)
  const date = `${month}/${day}/${year}`
  return dateOnly ? date : `${date} ${hour % 12 || 12}:${String(minute).padStart(2, '0')} ${hour < 12 ? 'AM' : 'PM'}`
}
