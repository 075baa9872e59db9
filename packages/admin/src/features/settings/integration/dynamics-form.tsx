import { useCallback, useMemo } from 'react'
import type { CommonSettings_IntegrationFragment } from '../../../graphql/generated/graphql.ts'
import { type FragmentType, graphql, readFragment } from '../../../graphql/generated/index.ts'
import { SettingsFormFrame } from '../settings-form-frame.tsx'
import { useSave } from '../use-save.ts'
import { useSettingsForm } from '../use-settings-form.ts'
import { AutoChatPush } from './auto-chat-push.tsx'
import { commonInput } from './common-values.ts'
import {
  DynamicsForm_Settings,
  type DynamicsValues,
  describeDynamics,
  dynamicsInput,
  dynamicsValuesOf,
  withDynamics,
} from './dynamics-values.ts'
import { inputOf } from './inputs.ts'
import { PermissionSwitches } from './permission-switches.tsx'
import { SavingTo } from './saving-to.tsx'
import { SearchOrder } from './search-order.tsx'
import { TextMessages } from './text-messages.tsx'

const DynamicsForm_Save = graphql(`
  mutation DynamicsForm_Save($input: UpdateDynamicsSettingsInput!) {
    updateDynamicsSettings(input: $input) { ...SettingsOutcome }
  }
`)

interface DynamicsFormProps {
  integration: CommonSettings_IntegrationFragment
  settings: FragmentType<typeof DynamicsForm_Settings>
}

/** The integration settings of a Dynamics 365 org. */
export function DynamicsForm({ integration, settings }: DynamicsFormProps) {
  const own = readFragment(DynamicsForm_Settings, settings)
  const { id: integrationId, entityTypes } = integration
  const keep = useSave()
  const form = useSettingsForm<DynamicsValues>({
    inForce: useMemo(() => dynamicsValuesOf(integration, own), [integration, own]),
    toChange: useCallback((values) => (document) => withDynamics(document, values, entityTypes), [entityTypes]),
    save: (values, _changed, kept) => {
      const expectedVersion = integration.settings.version
      const given = { ...commonInput(values, entityTypes), ...dynamicsInput(values) }
      return keep(
        DynamicsForm_Save,
        { input: { integrationId, expectedVersion, ...given } },
        (data) => data.updateDynamicsSettings,
        { done: 'The integration settings are saved.', fields: inputOf, kept, merges: true },
      )
    },
  })
  return (
    <SettingsFormFrame
      form={form}
      label="Integration settings"
      describe={(member, values) => describeDynamics(member, values, entityTypes)}
    >
      <PermissionSwitches form={form} />
      <SearchOrder form={form} />
      <SavingTo form={form} />
      <TextMessages
        form={form}
        entityTypes={entityTypes}
        fetchLabel="Allow Fetch CRM Data"
        example="telephone1 of a Contact"
      />
      <AutoChatPush form={form} entityTypes={entityTypes} />
    </SettingsFormFrame>
  )
}
