/** Reads a settings document and says, with its path, what in it cannot be read. */
import { type ProviderKey, providerKeys } from '@backchannel/providers'
import { z } from 'zod'
import {
  backendTargets,
  chatsSaveToValues,
  matchIdentifiers,
  searchOrderIdentifiers,
  settingFieldTypes,
  variableTypes,
} from '../integrations/settings.ts'
import { type FieldError, ValidationError } from '../shared/errors.ts'
import { LIST_LENGTH, MOST_RULES } from './check/lengths.ts'

/** How many rows a list of a document may have. */
const MOST_FIELDS = 2_000
const MOST_ENTITY_TYPES = 200

/** Rows are read only where there are not too many of them. */
function listOf<Row extends z.ZodType>(row: Row, most: number) {
  return z.array(z.unknown()).max(most, `At most ${most} can be given.`).pipe(z.array(row))
}

const name = z.string().trim().min(1, 'Give a name.')
const optionalText = z.string().nullish()

const filter = z.strictObject({ field: name, value: z.string(), relatedEntity: optionalText })
const lookup = z.strictObject({
  relatedEntity: name,
  searchFields: listOf(name, LIST_LENGTH).nullish(),
  displayField: optionalText,
  filter: filter.nullish(),
})
const fieldType = z.enum(settingFieldTypes)
const value = {
  value: optionalText,
  values: listOf(z.string(), LIST_LENGTH).nullish(),
  lookupValue: z.strictObject({ entityName: name, remoteId: name, name: optionalText }).nullish(),
  label: optionalText,
  lookup: lookup.nullish(),
}
const shownField = z.strictObject({
  entityType: name,
  name,
  label: z.string(),
  fieldType,
  filter: filter.nullish(),
})

const common = {
  searchOrder: listOf(z.enum(searchOrderIdentifiers), searchOrderIdentifiers.length).optional(),
  fetchCrmData: z.boolean().optional(),
  autoSmsPush: z
    .strictObject({
      enabled: z.boolean(),
      entityType: optionalText,
      field: optionalText,
      identifier: z.enum(matchIdentifiers).optional(),
    })
    .optional(),
  autoChatPush: z
    .strictObject({
      enabled: z.boolean(),
      rules: listOf(
        z.strictObject({ identifier: z.enum(matchIdentifiers), entityType: name, field: z.string() }),
        MOST_RULES,
      ),
      tagSingleMatchUnasked: z.boolean().optional(),
    })
    .optional(),
  entityTypes: listOf(
    z.strictObject({
      name,
      displayName: z.string(),
      primaryField: z.string(),
      primaryFieldLabel: z.string(),
      searchable: z.boolean().optional(),
      creatable: z.boolean().optional(),
    }),
    MOST_ENTITY_TYPES,
  ).optional(),
  defaultFields: listOf(
    z.strictObject({ entityType: name, name, required: z.boolean(), showOnForm: z.boolean() }),
    MOST_FIELDS,
  ).optional(),
  exportFields: listOf(
    z.strictObject({
      entityType: name,
      name,
      variableType: z.enum(variableTypes),
      fieldType: fieldType.nullish(),
      variable: optionalText,
      ...value,
      required: z.boolean().optional(),
      maxLength: z.number().nullish(),
      useCurrentDate: z.boolean().optional(),
    }),
    MOST_FIELDS,
  ).optional(),
  searchFields: listOf(shownField, MOST_FIELDS).optional(),
  detailFields: listOf(shownField, MOST_FIELDS).optional(),
  backendFields: listOf(
    z.strictObject({
      target: z.enum(backendTargets).nullish(),
      entityType: optionalText,
      name,
      variableType: z.enum(variableTypes),
      fieldType,
      ...value,
      overwrite: z.boolean().optional(),
    }),
    MOST_FIELDS,
  ).optional(),
}

const settingsDocument = z.discriminatedUnion('provider', [
  z.strictObject({
    provider: z.literal('DYNAMICS'),
    ...common,
    allowNewCreation: z.boolean().optional(),
    allowActivityClosing: z.boolean().optional(),
    chatsSaveTo: z.enum(chatsSaveToValues).optional(),
    activityTypeName: optionalText,
  }),
  z.strictObject({
    provider: z.literal('SALESFORCE'),
    ...common,
    allowActivitySubjectChange: z.boolean().optional(),
    subjectSuffix: optionalText,
    personAccountEnabled: z.boolean().optional(),
    accountNumberUsed: z.boolean().optional(),
    accountEmailField: optionalText,
    sessionIdleMinutes: z.number().optional(),
    sessionGraceSeconds: z.number().optional(),
  }),
])

/** What a document may say: a member that is left out stays as it is in force, a list that is there replaces the whole list. */
export type ReadDocument = z.infer<typeof settingsDocument>

/** What zod says for programmers only, for those who wrote the document; undefined leaves it to zod. */
function wordsFor(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => `"${key}"`).join(', ')
    return `There is no setting ${names} here: correct the name, or leave it out.`
  }
  if (issue.code === 'invalid_union') return `Say whose settings they are: ${providerKeys.join(' or ')}.`
  return undefined
}

/** @throws ValidationError whose paths lead into the document, below `path` */
export function readDocument(json: unknown, provider: ProviderKey, path: readonly string[]): ReadDocument {
  const read = settingsDocument.safeParse(json, { error: wordsFor })
  if (!read.success) {
    const isOfOther = providerKeys.some((key) => key === (json as { provider?: unknown } | null)?.provider)
    throw new ValidationError(
      read.error.issues.map(
        (issue): FieldError => ({
          path: [...path, ...issue.path.map(String)],
          message:
            isOfOther || issue.path.length > 0 ? issue.message : `This is no settings document: ${issue.message}`,
        }),
      ),
    )
  }
  if (read.data.provider !== provider) {
    const message = `These are settings for ${read.data.provider}; this integration is ${provider}.`
    throw new ValidationError([{ path: [...path, 'provider'], message }])
  }
  return read.data
}
