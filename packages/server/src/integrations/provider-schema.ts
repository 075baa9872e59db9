/** The CRMs that can be connected, in GraphQL. */
import {
  type ConnectFieldDescriptor,
  type ConnectMethodDescriptor,
  type FieldTypeDescriptor,
  type ProviderDescriptor,
  providerDefinitions,
} from '@backchannel/providers'
import { builder } from '../builder.ts'
import { ProviderEnum } from '../shared/schema.ts'
import { FieldTypeEnum } from './field-type-schema.ts'

const ConnectFieldRef = builder.objectRef<ConnectFieldDescriptor>('ConnectField').implement({
  description: 'One input of a connect form.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The name of the input field.' }),
    label: t.exposeString('label', { description: 'Its label.' }),
    help: t.string({ nullable: true, description: 'What to enter.', resolve: (field) => field.help ?? null }),
    required: t.exposeBoolean('required', { description: 'Whether it must be given.' }),
    secret: t.exposeBoolean('secret', { description: 'Write-only: encrypted, and never given back.' }),
    placeholder: t.string({
      nullable: true,
      description: 'An example.',
      resolve: (field) => field.placeholder ?? null,
    }),
  }),
})

const ConnectMethodRef = builder.objectRef<ConnectMethodDescriptor>('ConnectMethod').implement({
  description: 'One way of connecting.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'Its name for programs.' }),
    label: t.exposeString('label', { description: 'Its label.' }),
    help: t.string({ nullable: true, description: 'When to choose it.', resolve: (method) => method.help ?? null }),
    redirects: t.exposeBoolean('redirects', { description: "Whether the person signs in at the vendor's own page." }),
    fields: t.field({
      type: [ConnectFieldRef],
      description: 'The inputs, in order.',
      resolve: (method) => [...method.fields],
    }),
  }),
})

const FieldTypeDescriptorRef = builder.objectRef<FieldTypeDescriptor>('FieldTypeDescriptor').implement({
  description: 'A field type that a setting may have, with the name that this CRM gives it.',
  fields: (t) => ({
    type: t.field({ type: FieldTypeEnum, description: 'The type.', resolve: (descriptor) => descriptor.type }),
    label: t.exposeString('label', { description: "The CRM's own name of it." }),
    inExport: t.exposeBoolean('inExport', { description: 'Whether export fields may have it.' }),
    maxLength: t.exposeBoolean('maxLength', { description: 'Whether a maximum length may be set.' }),
  }),
})

export const ProviderDescriptorRef = builder.objectRef<ProviderDescriptor>('ProviderDescriptor').implement({
  description: 'A CRM that can be connected, and how.',
  fields: (t) => ({
    provider: t.field({ type: ProviderEnum, description: 'Which CRM.', resolve: (descriptor) => descriptor.key }),
    displayName: t.exposeString('displayName', { description: 'Its name.' }),
    documentationUrl: t.expose('documentationUrl', {
      type: 'URL',
      description: "The vendor's page about connecting.",
    }),
    connectLabel: t.exposeString('connectLabel', { description: 'The label of the button that connects it.' }),
    panelLabel: t.exposeString('panelLabel', { description: "The label of the button in an agent's panel." }),
    methods: t.field({
      type: [ConnectMethodRef],
      description: 'The ways of connecting.',
      resolve: (descriptor) => [...descriptor.methods],
    }),
    fieldTypes: t.field({
      type: [FieldTypeDescriptorRef],
      description: 'The field types that its settings may have.',
      resolve: (descriptor) => [...descriptor.fieldTypes],
    }),
  }),
})

builder.queryFields((t) => ({
  providers: t.field({
    type: [ProviderDescriptorRef],
    authScopes: { agent: true },
    description: 'The CRMs that can be connected, and how.',
    resolve: () => Object.values(providerDefinitions).map((definition) => definition.descriptor),
  }),
}))
