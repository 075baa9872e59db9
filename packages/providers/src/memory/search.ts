/** How the in-memory org answers a search question: as both CRMs do, without case, patterns as parts in order. */
import { ProviderError } from '../errors.ts'
import type { FieldCondition, FieldDescriptor, SearchRequest, SearchTarget } from '../model/index.ts'
import { foldText } from '../search/folded-text.ts'
import {
  type CandidateRow,
  conditionTest,
  type FieldTest,
  type FieldText,
  type SearchCriterion,
  type SearchedFields,
  searchedFields,
  termHits,
  termTests,
} from '../search/index.ts'
import type { MemoryEntity } from './entities.ts'
import { fieldsOfType, type MemoryRow, nameOf } from './records.ts'

/** One target as rows are held against it. */
export interface MemoryQuestion {
  fields: SearchedFields
  terms: readonly FieldTest[]
  conditions: readonly FieldTest[]
}

/** What the rows of other tables are called, by key: lookups are compared with it. */
export type NameOfRow = (remoteId: string) => string | null

/** @throws ProviderError CRM_REJECTED for a field that the entity type does not have, or a value that it cannot hold */
export function toMemoryQuestion(request: SearchRequest, target: SearchTarget, entity: MemoryEntity): MemoryQuestion {
  const fields = searchedFields(request, target, {
    phones: fieldsOfType(entity, 'PHONE'),
    emails: fieldsOfType(entity, 'EMAIL'),
    names: [entity.descriptor.primaryField],
    accountIds: entity.attributes.accountNumber === undefined ? [] : [entity.attributes.accountNumber],
  })
  const [term] = request.by.flatMap(({ identifier, value }) => (identifier === 'TERM' ? [value] : []))
  return {
    fields,
    terms:
      term === undefined
        ? []
        : termTests(
            term,
            fields.terms.map(({ name }) => fieldOf(entity, name)),
          ),
    conditions: [...(target.filters ?? []), ...(target.values ?? [])].map((condition) =>
      toCondition(entity, condition),
    ),
  }
}

/** The texts of a row that decide; null where it does not pass the target's conditions. */
export function textsOfRow(
  row: MemoryRow,
  entity: MemoryEntity,
  { fields, terms, conditions }: MemoryQuestion,
  nameOfRow: NameOfRow,
): Omit<CandidateRow, 'record'> | null {
  const textsOf = (name: string): string[] => {
    const value = textIn(row, entity, name)
    if (value === null) return []
    const { type } = fieldOf(entity, name)
    if (type === 'LOOKUP') return [nameOfRow(value) ?? value, value]
    return type === 'MULTI_OPTION_SET' ? value.split(';') : [value]
  }
  const passed = termHits(conditions, textsOf).filter(({ exact }) => exact)
  if (passed.length < conditions.length) return null
  const texts = (names: readonly string[]): FieldText[] =>
    names.flatMap((field) => {
      const value = textIn(row, entity, field)
      return value === null ? [] : [{ field, value }]
    })
  return {
    phones: texts(fields.phones),
    emails: texts(fields.emails),
    names: texts(fields.names),
    accountIds: texts(fields.accountIds),
    terms: termHits(terms, textsOf),
  }
}

export function isHit(row: Omit<CandidateRow, 'record'>, criterion: SearchCriterion): boolean {
  switch (criterion.kind) {
    case 'PHONE_SPELLINGS':
      return row.phones.some(({ value }) => criterion.spellings.includes(value))
    case 'PHONE_PATTERNS':
      return criterion.patterns.some((parts) => holdsParts(row.phones, parts))
    case 'EMAIL':
      return isOneOf(row.emails, criterion.value)
    case 'FULL_NAME':
      return isOneOf(row.names, criterion.value)
    case 'ACCOUNT_ID':
      return isOneOf(row.accountIds, criterion.value)
    case 'TERM': {
      const term = foldText(criterion.value)
      const named = [...row.names, ...row.emails].some(({ value }) => foldText(value).includes(term))
      const { phonePattern } = criterion
      const holdsTerm = (row.terms ?? []).length > 0
      return named || holdsTerm || (phonePattern !== null && holdsParts(row.phones, phonePattern))
    }
    case 'VALUES':
      return true
  }
}

function toCondition(entity: MemoryEntity, condition: FieldCondition): FieldTest {
  const field = fieldOf(entity, condition.name)
  const test = conditionTest(condition, field)
  if (test !== null) return test
  const message = `${field.label} cannot hold this value.`
  throw new ProviderError('CRM_REJECTED', { message, fields: [{ name: field.name, message }] })
}

function fieldOf({ descriptor }: MemoryEntity, name: string): FieldDescriptor {
  const field = descriptor.fields.find((candidate) => candidate.name === name)
  if (field !== undefined) return field
  const message = `There is no field ${name}.`
  throw new ProviderError('CRM_REJECTED', { message, fields: [{ name, message }], metadataDoubtful: true })
}

function textIn(row: MemoryRow, entity: MemoryEntity, name: string): string | null {
  if (name === entity.descriptor.primaryField) return nameOf(row, entity)
  return row.values[name] ?? null
}

function isOneOf(texts: readonly FieldText[], value: string): boolean {
  return texts.some((text) => foldText(text.value) === foldText(value))
}

function holdsParts(texts: readonly FieldText[], parts: readonly string[]): boolean {
  return texts.some(({ value }) => {
    let from = 0
    return parts.every((part) => {
      const at = value.indexOf(part, from)
      from = at + part.length
      return at >= 0
    })
  })
}
