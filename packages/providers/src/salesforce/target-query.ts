/** One entity type of a search: the query for it, and how a row of its answer is held against what was looked for. */
import { ProviderError } from '../errors.ts'
import type { FieldCondition, FieldDescriptor, SearchRequest, SearchTarget } from '../model/index.ts'
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
import type { Row } from './client.ts'
import { anyOf, type ComparedFields, conditionsOf, toCondition } from './conditions.ts'
import { searchFieldsOf, withoutShadows } from './entities.ts'
import { demandKnown, follow, planRead, type ReadPlan, toTimestamp } from './mapper.ts'
import type { ObjectMetadata } from './metadata.ts'
import { select } from './soql.ts'

/** One target, ready to be asked. */
export interface TargetQuery {
  target: SearchTarget
  object: ObjectMetadata
  compared: ComparedFields
  terms: readonly FieldTest[]
  plan: ReadPlan
  soql: string
}

interface Asked {
  request: SearchRequest
  criteria: readonly SearchCriterion[]
  limit: number
  instanceUrl: string
}

const conditionsIn = ({ filters = [], values = [] }: SearchTarget): readonly FieldCondition[] => [...filters, ...values]

/** The fields that a target names itself, which the org must have. */
export function namedFields(target: SearchTarget): string[] {
  const { selection, termFields = [], identifierFields = {} } = target
  const searched = [...termFields, ...Object.values(identifierFields).flat(), ...conditionsIn(target)]
  return [...new Set([...selection.fields, ...searched.map((field) => field.name)])]
}

/** Only what a criterion looks at needs to be fetched to be verified. */
function fieldsToVerify(criteria: readonly SearchCriterion[], fields: SearchedFields): ComparedFields {
  const asks = (...kinds: SearchCriterion['kind'][]) => criteria.some(({ kind }) => kinds.includes(kind))
  return {
    phones: asks('PHONE_SPELLINGS', 'PHONE_PATTERNS', 'TERM') ? fields.phones : [],
    emails: asks('EMAIL', 'TERM') ? fields.emails : [],
    names: asks('FULL_NAME', 'TERM') ? fields.names : [],
    accountIds: asks('ACCOUNT_ID') ? fields.accountIds : [],
  }
}

/** A demand that is left out would show more than it may. What the caller knows of type or options may be old. */
function demand(condition: FieldCondition, field: FieldDescriptor, object: ObjectMetadata): string[] {
  const test = conditionTest(condition, field)
  const conditions = test === null ? [] : toCondition(test, object)
  if (conditions.length > 0) return conditions
  const message = `${field.label} cannot be compared with this value.`
  const metadataDoubtful = condition.type !== field.type || field.options.length > 0
  throw new ProviderError('CRM_REJECTED', { message, fields: [{ name: field.name, message }], metadataDoubtful })
}

/**
 * Null where nothing that is known can be looked for in this object.
 * @throws ProviderError CRM_REJECTED that names a field which the object does not have, or a value that it cannot hold
 */
export function toTargetQuery(
  object: ObjectMetadata,
  target: SearchTarget,
  { request, criteria, limit, instanceUrl }: Asked,
): TargetQuery | null {
  demandKnown(object, namedFields(target))
  const known = (name: string) => object.fields.get(name) ?? []
  const available = searchFieldsOf(object)
  const own =
    target.primaryField === undefined || object.fields.get(target.primaryField)?.filterable !== true
      ? available
      : { ...available, names: [target.primaryField] }
  const fields = searchedFields(request, target, own)
  const [term] = criteria.flatMap((criterion) => (criterion.kind === 'TERM' ? [criterion.value] : []))
  const termFields = fields.terms.flatMap(({ name }) => known(name))
  const terms = term === undefined ? [] : termTests(term, termFields)
  const sameAs = (name: string, value: string) => {
    const field = object.fields.get(name)
    return field === undefined ? null : conditionTest({ name, type: field.type, value, relatedEntity: null }, field)
  }

  const hit = anyOf(criteria.flatMap((criterion) => conditionsOf(criterion, fields, object, { terms, sameAs })))
  const isByValues = criteria.some(({ kind }) => kind === 'VALUES')
  if (hit === null && !isByValues) return null
  const conditions = conditionsIn(target).flatMap((condition) => {
    const field = object.fields.get(condition.name)
    return field === undefined ? [] : demand(condition, field, object)
  })
  const searched = request.targets.map(({ entityName }) => entityName)
  const where = [hit, ...conditions, withoutShadows(object, searched)].filter((one) => one !== null)

  const compared = fieldsToVerify(criteria, fields)
  const plan = planRead(object, target.selection, {
    instanceUrl,
    extra: [...Object.values(compared).flat(), ...terms.flatMap(({ field }) => columnsOf(field, object))],
  })
  return {
    target,
    object,
    compared,
    terms,
    plan,
    soql: select({
      columns: plan.columns,
      from: object.name,
      where: where.join(' AND '),
      // The most recently used first, and the same order every time.
      orderBy: object.fields.has('LastModifiedDate') ? 'LastModifiedDate DESC, Id' : 'Id',
      limit,
    }),
  }
}

/** A lookup is read with the name of what it points to. */
function columnsOf(field: string, object: ObjectMetadata): string[] {
  const namePath = object.namePaths.get(field)
  return namePath === undefined ? [field] : [field, namePath]
}

/** What a field of a row holds, as search tests have it. */
function textsIn(row: Row, field: string, object: ObjectMetadata): string[] {
  const namePath = object.namePaths.get(field)
  const type = object.fields.get(field)?.type
  const raw = type === 'LOOKUP' && namePath !== undefined ? follow(row, namePath) : row[field]
  if (typeof raw === 'number' || typeof raw === 'boolean') return [String(raw)]
  if (typeof raw !== 'string') return []
  if (type === 'MULTI_OPTION_SET') return raw.split(';')
  return type === 'DATE_TIME' ? [toTimestamp(raw) ?? raw] : [raw]
}

/** A row of the answer with the texts that decide whether it is a hit. */
export function toCandidate(row: Row, { plan, compared, terms, object }: TargetQuery): CandidateRow {
  const textsOf = (fields: readonly string[]): FieldText[] =>
    fields.flatMap((field) => textsIn(row, field, object).map((value) => ({ field, value })))
  return {
    record: plan.toRecord(row),
    phones: textsOf(compared.phones),
    emails: textsOf(compared.emails),
    names: textsOf(compared.names),
    accountIds: textsOf(compared.accountIds),
    ...(terms.length === 0 ? {} : { terms: termHits(terms, (field) => textsIn(row, field, object)) }),
  }
}
