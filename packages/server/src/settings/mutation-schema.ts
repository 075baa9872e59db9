/** Changing settings in GraphQL: what is not a field. */
import { builder } from '../builder.ts'
import { lookUpId } from '../shared/global-id.ts'
import { updateDefaultFields } from './edit/default-fields.ts'
import { addEntity, removeEntity, reorderEntities, updateEntity } from './edit/entities.ts'
import { updateDynamicsSettings, updateSalesforceSettings } from './edit/general.ts'
import {
  AddEntityInputRef,
  entityTypeIdOf,
  integrationIdOf,
  SettingsDocumentInputRef,
  UpdateDefaultFieldsInputRef,
  UpdateDynamicsSettingsInputRef,
  UpdateEntityInputRef,
  UpdateSalesforceSettingsInputRef,
  withRowIds,
} from './input-schema.ts'
import { integrationIdOfRow, SettingsResult, success } from './result-schema.ts'

const versionArg = 'The version that was read: where another is in force, nothing is changed.'

builder.mutationFields((t) => ({
  updateDynamicsSettings: t.field({
    type: SettingsResult,
    authScopes: { admin: true },
    description: 'Changes what is not a list, of a Dynamics 365 org.',
    args: { input: t.arg({ type: UpdateDynamicsSettingsInputRef, required: true, description: 'What is to change.' }) },
    resolve: (_root, { input }, { services, viewer }) => {
      const { integrationId, expectedVersion, ...given } = input
      const edit = updateDynamicsSettings({ ...given, ...withRowIds(given) })
      return success(services.settings.change(viewer, integrationIdOf(integrationId), expectedVersion, edit))
    },
  }),
  updateSalesforceSettings: t.field({
    type: SettingsResult,
    authScopes: { admin: true },
    description: 'Changes what is not a list, of a Salesforce org.',
    args: {
      input: t.arg({ type: UpdateSalesforceSettingsInputRef, required: true, description: 'What is to change.' }),
    },
    resolve: (_root, { input }, { services, viewer }) => {
      const { integrationId, expectedVersion, ...given } = input
      const edit = updateSalesforceSettings({ ...given, ...withRowIds(given) })
      return success(services.settings.change(viewer, integrationIdOf(integrationId), expectedVersion, edit))
    },
  }),
  updateDefaultFields: t.field({
    type: SettingsResult,
    authScopes: { admin: true },
    description: 'Switches built-in fields of the create form.',
    args: { input: t.arg({ type: UpdateDefaultFieldsInputRef, required: true, description: 'Which, and how.' }) },
    resolve: (_root, { input: { integrationId, expectedVersion, fields, ...account } }, { services, viewer }) => {
      const inputs = fields.map((field) => ({ ...field, id: lookUpId('DefaultField', field.id) }))
      const edit = updateDefaultFields(inputs, account)
      return success(services.settings.change(viewer, integrationIdOf(integrationId), expectedVersion, edit))
    },
  }),
  addEntity: t.field({
    type: SettingsResult,
    authScopes: { admin: true },
    description: 'Adds an entity type that agents may search, open, create and tag.',
    args: { input: t.arg({ type: AddEntityInputRef, required: true, description: 'The entity type.' }) },
    resolve: (_root, { input: { integrationId, expectedVersion, ...given } }, { services, viewer }) =>
      success(
        services.settings.change(viewer, integrationIdOf(integrationId), expectedVersion, addEntity(given)),
        'EntityType',
      ),
  }),
  updateEntity: t.field({
    type: SettingsResult,
    authScopes: { admin: true },
    description: 'Changes an entity type; also what agents may do with the three default ones.',
    args: { input: t.arg({ type: UpdateEntityInputRef, required: true, description: 'What is to change.' }) },
    resolve: async (_root, { input: { id: globalId, expectedVersion, ...given } }, context) => {
      const { services, viewer } = context
      const id = entityTypeIdOf(globalId)
      const integrationId = await integrationIdOfRow(context, 'EntityType', id, 'entity type')
      const edit = updateEntity(id, given)
      return success(services.settings.change(viewer, integrationId, expectedVersion, edit), 'EntityType')
    },
  }),
  removeEntity: t.field({
    type: SettingsResult,
    authScopes: { admin: true },
    description: 'Removes an added entity type.',
    args: {
      id: t.arg.id({ required: true, description: 'The global ID of the entity type.' }),
      expectedVersion: t.arg.int({ required: true, description: versionArg }),
      withDependents: t.arg.boolean({
        defaultValue: false,
        description: 'Whether fields and rules that name it go with it; otherwise it is refused while there are any.',
      }),
    },
    resolve: async (_root, { id: globalId, expectedVersion, withDependents }, context) => {
      const { services, viewer } = context
      const id = entityTypeIdOf(globalId)
      const integrationId = await integrationIdOfRow(context, 'EntityType', id, 'entity type')
      const edit = removeEntity(id, withDependents ?? false)
      return success(services.settings.change(viewer, integrationId, expectedVersion, edit))
    },
  }),
  reorderEntities: t.field({
    type: SettingsResult,
    authScopes: { admin: true },
    description: 'Puts the entity types in order; the three default ones stay before the added ones.',
    args: {
      integrationId: t.arg.id({ required: true, description: 'The global ID of the integration.' }),
      expectedVersion: t.arg.int({ required: true, description: versionArg }),
      ids: t.arg.idList({ required: true, description: 'The global IDs of all of them, in the new order.' }),
    },
    resolve: (_root, { integrationId, expectedVersion, ids }, { services, viewer }) => {
      const edit = reorderEntities(ids.map(entityTypeIdOf))
      return success(services.settings.change(viewer, integrationIdOf(integrationId), expectedVersion, edit))
    },
  }),
  importSettings: t.field({
    type: SettingsResult,
    authScopes: { admin: true },
    description: 'Replaces all settings by those of a document. Rows that go by the same names stay the same rows.',
    args: { input: t.arg({ type: SettingsDocumentInputRef, required: true, description: 'The document.' }) },
    resolve: (_root, { input: { integrationId, expectedVersion, document } }, { services, viewer }) =>
      success(services.settings.importDocument(viewer, integrationIdOf(integrationId), expectedVersion, document)),
  }),
  restoreSettings: t.field({
    type: SettingsResult,
    authScopes: { admin: true },
    description: 'Brings the settings back to what they were right after a change, as a new change.',
    args: {
      changeId: t.arg.id({ required: true, description: 'The global ID of the change.' }),
      expectedVersion: t.arg.int({ required: true, description: versionArg }),
    },
    resolve: (_root, { changeId, expectedVersion }, { services, viewer }) =>
      success(services.settings.restore(viewer, lookUpId('SettingsChange', changeId), expectedVersion)),
  }),
}))

builder.queryField('settingsDocument', (t) =>
  t.field({
    type: 'JSON',
    nullable: true,
    authScopes: { service: true },
    description:
      'All settings of an integration as one readable document, without ids; null where there is no such one.',
    args: { integrationId: t.arg.id({ required: true, description: 'The global ID of the integration.' }) },
    resolve: async (_root, args, { services, viewer }) => {
      const integration = await services.integrations.find(viewer.workspaceId, integrationIdOf(args.integrationId))
      return integration && services.settings.exportDocument(viewer, integration.id)
    },
  }),
)
