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

const name = z.string().trim().min(1, 'Give a name.')
const optionalText = z.string().nullish()

const filter = z.strictObject({ field: name, value: z.string(), relatedEntity: optionalText })
const lookup = z.strictObject({
  relatedEntity: name,
  searchFields: z.array(name).nullish(),
  displayField: optionalText,
  filter: filter.nullish(),
})
const fieldType = z.enum(settingFieldTypes)
const value = {
  value: optionalText,
  values: z.array(z.string()).nullish(),
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
  searchOrder: z.array(z.enum(searchOrderIdentifiers)).optional(),
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
      rules: z.array(z.strictObject({ identifier: z.enum(matchIdentifiers), entityType: name, field: z.string() })),
      tagSingleMatchUnasked: z.boolean().optional(),
    })
    .optional(),
  entityTypes: z
    .array(
      z.strictObject({
        name,
        displayName: z.string(),
        primaryField: z.string(),
        primaryFieldLabel: z.string(),
        searchable: z.boolean().optional(),
        creatable: z.boolean().optional(),
      }),
    )
    .optional(),
  defaultFields: z
    .array(z.strictObject({ entityType: name, name, required: z.boolean(), showOnForm: z.boolean() }))
    .optional(),
  exportFields: z
    .array(
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
    )
    .optional(),
  searchFields: z.array(shownField).optional(),
  detailFields: z.array(shownField).optional(),
  backendFields: z
    .array(
      z.strictObject({
        target: z.enum(backendTargets).nullish(),
        entityType: optionalText,
        name,
        variableType: z.enum(variableTypes),
        fieldType,
        ...value,
        overwrite: z.boolean().optional(),
      }),
    )
    .optional(),
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

/** @throws ValidationError whose paths lead into the document, below `path` */
export function readDocument(json: unknown, provider: ProviderKey, path: readonly string[]): ReadDocument {
  const read = settingsDocument.safeParse(json)
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
