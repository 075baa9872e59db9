import { useCallback, useMemo } from 'react'
import type { CommonSettings_IntegrationFragment } from '../../../graphql/generated/graphql.ts'
import { type FragmentType, graphql, readFragment } from '../../../graphql/generated/index.ts'
import { SettingsFormFrame } from '../settings-form-frame.tsx'
import { useSave } from '../use-save.ts'
import { useSettingsForm } from '../use-settings-form.ts'
import { Activities } from './activities.tsx'
import { AutoChatPush } from './auto-chat-push.tsx'
import { commonInput } from './common-values.ts'
import { IdleSession } from './idle-session.tsx'
import { inputOf } from './inputs.ts'
import { PermissionSwitches } from './permission-switches.tsx'
import {
  describeSalesforce,
  SalesforceForm_Settings,
  type SalesforceValues,
  salesforceInput,
  salesforceValuesOf,
  withSalesforce,
} from './salesforce-values.ts'
import { SearchOrder } from './search-order.tsx'
import { TextMessages } from './text-messages.tsx'

const SalesforceForm_Save = graphql(`
  mutation SalesforceForm_Save($input: UpdateSalesforceSettingsInput!) {
    updateSalesforceSettings(input: $input) { ...SettingsOutcome }
  }
`)

interface SalesforceFormProps {
  integration: CommonSettings_IntegrationFragment
  settings: FragmentType<typeof SalesforceForm_Settings>
}

/** The integration settings of a Salesforce org. */
export function SalesforceForm({ integration, settings }: SalesforceFormProps) {
  const own = readFragment(SalesforceForm_Settings, settings)
  const { id: integrationId, entityTypes } = integration
  const keep = useSave()
  const form = useSettingsForm<SalesforceValues>({
    inForce: useMemo(() => salesforceValuesOf(integration, own), [integration, own]),
    toChange: useCallback((values) => (document) => withSalesforce(document, values, entityTypes), [entityTypes]),
    save: (values, _changed, kept) => {
      const expectedVersion = integration.settings.version
      const given = { ...commonInput(values, entityTypes), ...salesforceInput(values) }
      return keep(
        SalesforceForm_Save,
        { input: { integrationId, expectedVersion, ...given } },
        (data) => data.updateSalesforceSettings,
        { done: 'The integration settings are saved.', fields: inputOf, kept, merges: true },
      )
    },
  })
  return (
    <SettingsFormFrame
      form={form}
      label="Integration settings"
      describe={(member, values) => describeSalesforce(member, values, entityTypes)}
    >
      <PermissionSwitches form={form} />
      <SearchOrder form={form} />
      <Activities
        form={form}
        integrationId={integrationId}
        hasSubjectField={own.backendFields.some(({ target }) => target === 'ACTIVITY')}
      />
      <TextMessages
        form={form}
        entityTypes={entityTypes}
        fetchLabel="Allow Fetch CRM Data for SMS"
        example="Name of an Account"
      />
      <AutoChatPush form={form} entityTypes={entityTypes} />
      <IdleSession form={form} />
    </SettingsFormFrame>
  )
}
