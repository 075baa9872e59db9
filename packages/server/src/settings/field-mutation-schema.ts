/** Changing the four lists of fields in GraphQL: each is added to, changed, shortened and put in order in the same way. */
import type { InputRef } from '@pothos/core'
import { builder } from '../builder.ts'
import { lookUpId } from '../shared/global-id.ts'
import { addBackendField, type BackendFieldInput, updateBackendField } from './edit/backend-fields.ts'
import type { Edit } from './edit/edit.ts'
import { addExportField, type ExportFieldInput, updateExportField } from './edit/export-fields.ts'
import { type FieldLists, fieldLists, removeField, reorderFields } from './edit/field-list.ts'
import { addShownField, type ShownFieldInput, updateShownField } from './edit/shown-fields.ts'
import {
  BackendFieldInputRef,
  ExportFieldInputRef,
  entityTypeIdOf,
  integrationIdOf,
  ShownFieldInputRef,
} from './input-schema.ts'
import { integrationIdOfRow, SettingsResult, success } from './result-schema.ts'

type FieldInput = ExportFieldInput | ShownFieldInput | BackendFieldInput

interface FieldMutations {
  list: keyof FieldLists
  typename: 'ExportField' | 'SearchField' | 'DetailField' | 'BackendField'
  input: InputRef<FieldInput>
  /** These two take what `input` gives. */
  add(input: FieldInput): Edit
  update(id: string, input: FieldInput): Edit
}

/** `addExportField`, `updateExportField`, `removeExportField` and `reorderExportFields`, and the same of the others. */
function fieldMutations({ list, typename, input, add, update }: FieldMutations): void {
  const { noun } = fieldLists[list]
  const aNoun = `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`
  const withRowId = (given: FieldInput): FieldInput =>
    given.entityTypeId == null ? given : { ...given, entityTypeId: entityTypeIdOf(given.entityTypeId) }
  const versionArg = 'The version that was read: where another is in force, nothing is changed.'

  builder.mutationField(`add${typename}`, (t) =>
    t.field({
      type: SettingsResult,
      authScopes: { admin: true },
      description: `Adds ${aNoun} behind those of its entity type.`,
      args: {
        integrationId: t.arg.id({ required: true, description: 'The global ID of the integration.' }),
        expectedVersion: t.arg.int({ required: true, description: versionArg }),
        field: t.arg({ type: input, required: true, description: 'The field.' }),
      },
      resolve: (_root, { integrationId, expectedVersion, field }, { services, viewer }) => {
        const edit = add(withRowId(field))
        return success(
          services.settings.change(viewer, integrationIdOf(integrationId), expectedVersion, edit),
          typename,
        )
      },
    }),
  )

  builder.mutationField(`update${typename}`, (t) =>
    t.field({
      type: SettingsResult,
      authScopes: { admin: true },
      description: `Replaces what is set of ${aNoun}; its place stays.`,
      args: {
        id: t.arg.id({ required: true, description: `The global ID of the ${noun}.` }),
        expectedVersion: t.arg.int({ required: true, description: versionArg }),
        field: t.arg({ type: input, required: true, description: 'All of the field, as it shall be.' }),
      },
      resolve: async (_root, { id: globalId, expectedVersion, field }, context) => {
        const { services, viewer } = context
        const id = lookUpId(typename, globalId)
        const integrationId = await integrationIdOfRow(context, typename, id, noun)
        const edit = update(id, withRowId(field))
        return success(services.settings.change(viewer, integrationId, expectedVersion, edit), typename)
      },
    }),
  )

  builder.mutationField(`remove${typename}`, (t) =>
    t.field({
      type: SettingsResult,
      authScopes: { admin: true },
      description: `Removes ${aNoun}. What was written stays in the CRM.`,
      args: {
        id: t.arg.id({ required: true, description: `The global ID of the ${noun}.` }),
        expectedVersion: t.arg.int({ required: true, description: versionArg }),
      },
      resolve: async (_root, { id: globalId, expectedVersion }, context) => {
        const { services, viewer } = context
        const id = lookUpId(typename, globalId)
        const integrationId = await integrationIdOfRow(context, typename, id, noun)
        return success(services.settings.change(viewer, integrationId, expectedVersion, removeField(list, id)))
      },
    }),
  )

  builder.mutationField(`reorder${typename}s`, (t) =>
    t.field({
      type: SettingsResult,
      authScopes: { admin: true },
      description: `Puts the ${noun}s in order.`,
      args: {
        integrationId: t.arg.id({ required: true, description: 'The global ID of the integration.' }),
        expectedVersion: t.arg.int({ required: true, description: versionArg }),
        ids: t.arg.idList({
          required: true,
          description: 'The global IDs of all of them, or of all of one entity type, in the new order.',
        }),
      },
      resolve: (_root, { integrationId, expectedVersion, ids }, { services, viewer }) => {
        const edit = reorderFields(
          list,
          ids.map((id) => lookUpId(typename, id)),
        )
        return success(services.settings.change(viewer, integrationIdOf(integrationId), expectedVersion, edit))
      },
    }),
  )
}

fieldMutations({
  list: 'exportFields',
  typename: 'ExportField',
  input: ExportFieldInputRef,
  add: addExportField,
  update: updateExportField,
})
fieldMutations({
  list: 'searchFields',
  typename: 'SearchField',
  input: ShownFieldInputRef,
  add: (input: ShownFieldInput) => addShownField('searchFields', input),
  update: (id, input: ShownFieldInput) => updateShownField('searchFields', id, input),
})
fieldMutations({
  list: 'detailFields',
  typename: 'DetailField',
  input: ShownFieldInputRef,
  add: (input: ShownFieldInput) => addShownField('detailFields', input),
  update: (id, input: ShownFieldInput) => updateShownField('detailFields', id, input),
})
fieldMutations({
  list: 'backendFields',
  typename: 'BackendField',
  input: BackendFieldInputRef,
  add: addBackendField,
  update: updateBackendField,
})
