import { useCallback, useMemo } from 'react'
import { graphql, readFragment } from '../../../graphql/generated/index.ts'
import { PageTitle } from '../../../ui/page-title.tsx'
import { useSettings } from '../settings-context.ts'
import { SettingsFormFrame } from '../settings-form-frame.tsx'
import { useSave } from '../use-save.ts'
import { useSettingsForm } from '../use-settings-form.ts'
import { AccountOptions } from './account-options.tsx'
import {
  DefaultFieldsForm_Integration,
  type DefaultValues,
  defaultInput,
  defaultValuesOf,
  describeDefault,
  withDefaults,
} from './default-values.ts'
import { FieldTable } from './field-table.tsx'

const DefaultFields_Integration = graphql(`
  fragment DefaultFields_Integration on Integration {
    id
    provider
    ...DefaultFieldsForm_Integration
  }
`)

const DefaultFields_Save = graphql(`
  mutation DefaultFields_Save($input: UpdateDefaultFieldsInput!) {
    updateDefaultFields(input: $input) { ...SettingsOutcome }
  }
`)

/** Which of the built-in fields agents must fill in, and which they see. */
export function DefaultFields() {
  const shown = readFragment(DefaultFields_Integration, useSettings().integration)
  const integration = readFragment(DefaultFieldsForm_Integration, shown)
  const { id: integrationId, entityTypes, settings } = integration
  const keep = useSave()
  const form = useSettingsForm<DefaultValues>({
    inForce: useMemo(() => defaultValuesOf(integration), [integration]),
    toChange: useCallback((values) => (document) => withDefaults(document, values, integration), [integration]),
    save: (values, changed, kept) => {
      const input = defaultInput(values, changed, settings.defaultFields)
      return keep(
        DefaultFields_Save,
        { input: { integrationId, expectedVersion: settings.version, ...input } },
        (data) => data.updateDefaultFields,
        { done: 'The default fields are saved.', fields: ['accountEmailField'], kept, merges: true },
      )
    },
  })
  const account = entityTypes.find(({ kind }) => kind === 'ACCOUNT')
  return (
    <>
      <PageTitle
        title="Default fields"
        about="Which of the built-in fields agents must fill in when they create a record, and which are on their form."
      />
      <SettingsFormFrame
        form={form}
        label="Default fields"
        describe={(member, values) => describeDefault(member, values, settings.defaultFields)}
      >
        {shown.provider === 'SALESFORCE' && account && <AccountOptions form={form} accountName={account.name} />}
        {entityTypes.map(({ id, kind, displayName, creatable }) => {
          const fields = settings.defaultFields.filter((field) => field.kind === kind)
          if (fields.length === 0) return null
          return <FieldTable key={id} form={form} title={displayName} creatable={creatable} fields={fields} />
        })}
      </SettingsFormFrame>
    </>
  )
}
