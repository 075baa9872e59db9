/** What the settings of one CRM have that another's have not, in GraphQL: admin forms are drawn from it. */
import type { SettingsDescriptor } from '@backchannel/providers'
import { builder } from '../builder.ts'
import { FieldTypeEnum } from '../integrations/field-type-schema.ts'
import { ProviderDescriptorRef } from '../integrations/provider-schema.ts'
import { BackendTargetEnum } from '../integrations/settings-enums-schema.ts'

const SettingsDescriptorRef = builder.objectRef<SettingsDescriptor>('SettingsDescriptor').implement({
  description: "What the settings of this CRM have that another's have not, and what its forms call them.",
  fields: (t) => ({
    entitySearchSwitch: t.exposeBoolean('entitySearchSwitch', {
      description: 'Whether an added entity type may be closed to search; otherwise it is always searchable.',
    }),
    variableLabel: t.string({
      description: 'What forms call the variable type CHAT_VARIABLE.',
      resolve: () => 'Alive5 Custom Variable',
    }),
    variableFieldType: t.field({
      type: FieldTypeEnum,
      nullable: true,
      description: 'The one field type of a chat variable; null: none is asked for.',
      resolve: (descriptor) => descriptor.variableFieldType,
    }),
    backendLookupHasLabel: t.boolean({
      description: 'Whether a look-up among the backend fields may have a label.',
      resolve: (descriptor) => descriptor.backendLookupLabel !== 'NONE',
    }),
    backendTargets: t.field({
      type: [BackendTargetEnum],
      description: 'What backend fields can be written to: beside the entity types, perhaps the activity.',
      resolve: ({ activitySubjectField }) =>
        activitySubjectField === null ? (['RECORD'] as const) : (['RECORD', 'ACTIVITY'] as const),
    }),
    activitySubjectField: t.exposeString('activitySubjectField', {
      nullable: true,
      description: "The activity's field that a backend field may name; null where there is no such target.",
    }),
    detailFieldLabel: t.string({
      description: 'What the form of detail fields calls the label.',
      resolve: ({ labels }) => labels.detailFieldLabel,
    }),
    backendFieldName: t.string({
      description: "What the form of backend fields calls the CRM's own name of a field.",
      resolve: ({ labels }) => labels.backendFieldName,
    }),
  }),
})

builder.objectField(ProviderDescriptorRef, 'settings', (t) =>
  t.field({
    type: SettingsDescriptorRef,
    description: "What its settings have that another CRM's have not.",
    resolve: (descriptor) => descriptor.settings,
  }),
)
