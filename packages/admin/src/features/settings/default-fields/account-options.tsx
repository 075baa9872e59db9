import { useQuery } from 'urql'
import { graphql } from '../../../graphql/generated/index.ts'
import { DescribedSwitch } from '../../../ui/described-switch.tsx'
import { Note } from '../../../ui/note.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { FieldPicker } from '../pickers/field-picker.tsx'
import { useSettings } from '../settings-context.ts'
import type { FormFields } from '../use-settings-form.ts'
import type { DefaultValues } from './default-values.ts'

const AccountOptions_RecordTypes = graphql(`
  query AccountOptions_RecordTypes($integrationId: ID!, $name: String!) {
    integration(id: $integrationId) {
      id
      metadata { entityType(name: $name) { name recordTypes { name isPerson } } }
    }
  }
`)

interface AccountOptionsProps {
  form: FormFields<DefaultValues>
  /** The CRM's own name of accounts. */
  accountName: string
}

/** What the form of an account depends on beside its fields (Salesforce). */
export function AccountOptions({ form: { values, set, errors }, accountName }: AccountOptionsProps) {
  const integrationId = useSettings().integration.id
  const [{ data }] = useQuery({
    query: AccountOptions_RecordTypes,
    variables: { integrationId, name: accountName },
  })
  const recordTypes = data?.integration?.metadata.entityType?.recordTypes
  const hasPersons = recordTypes?.some(({ isPerson }) => isPerson) ?? true
  const { personAccountEnabled, accountNumberUsed, accountEmailField } = values
  return (
    <Panel title="Accounts in general">
      <DescribedSwitch
        label="Is Person Account Enabled"
        description="Agents choose between a business account and a person account. Off: every account is a business account."
        checked={personAccountEnabled === true}
        onChange={(on) => set('personAccountEnabled', on)}
      />
      {personAccountEnabled === true && !hasPersons && (
        <Note>This org has no person accounts: agents are not asked which kind an account is.</Note>
      )}
      <DescribedSwitch
        label="Is Account Number Used"
        description="Agents can give an account number. Off: there is no such field, whatever its switches below say."
        checked={accountNumberUsed === true}
        onChange={(on) => set('accountNumberUsed', on)}
      />
      <FieldPicker
        entityName={accountName}
        label="Email field of business accounts"
        description="Salesforce gives an e-mail address to person accounts only. Pick the field that holds it for business accounts; without one it is left out of their form."
        types={['EMAIL', 'TEXT']}
        writable
        value={typeof accountEmailField === 'string' ? accountEmailField : ''}
        onChange={(name) => set('accountEmailField', name)}
        error={errors['accountEmailField']}
      />
    </Panel>
  )
}
