import { List, NativeSelect, SegmentedControl, Stack, Tabs, Text } from '@mantine/core'
import { useState } from 'react'
import type { AccountKind, CreateView_PreviewQuery } from '../../graphql/generated/graphql.ts'
import { graphql, readFragment } from '../../graphql/generated/index.ts'
import { faultOfRefusal, faultsByName } from './fault.ts'
import { FormFields, FormFields_Field } from './form-fields.tsx'
import { FormInput_Field } from './form-input.tsx'
import { type Entered, toFieldValues } from './form-values.ts'
import { NotConnected } from './not-connected.tsx'
import { Plan, Plan_Result } from './plan.tsx'
import { labelIn } from './plan-words.ts'
import { FaultNote, PreviewAnswer } from './preview-answer.tsx'
import { usePreviewState } from './preview-context.ts'
import { usePreview } from './use-preview.ts'

const CreateView_Preview = graphql(`
  query CreateView_Preview(
    $input: PreviewInput!, $entityTypeId: ID!, $accountKind: AccountKind, $recordType: String,
    $record: CreateRecordInput!, $picked: Boolean!, $filled: Boolean!
  ) {
    preview(input: $input) {
      panel { integrations { tabs { label saveLabel entityType { id name } } } }
      recordForm(entityTypeId: $entityTypeId, accountKind: $accountKind, recordType: $recordType)
        @include(if: $picked) {
        __typename
        ... on RecordForm {
          submitLabel
          notes
          accountKinds
          recordTypes { name label isDefault }
          fields { ...FormFields_Field }
        }
        ... on Error { message }
        ... on ValidationError { fields { message } }
      }
      planRecord(input: $record) @include(if: $filled) { ...Plan_Result }
    }
  }
`)

type Tab = CreateView_PreviewQuery['preview']['panel']['integrations'][number]['tabs'][number]

interface Form {
  entityTypeId: string
  fields: Parameters<typeof toFieldValues>[0]
}

/** The form that makes a record, filled in as the visitor fills it in, and what saving it would write. */
export function CreateView() {
  const { input, integrationId } = usePreviewState()
  const [open, setOpen] = useState<string | null>(null)
  const [accountKind, setAccountKind] = useState<AccountKind | null>(null)
  const [recordType, setRecordType] = useState<string | null>(null)
  const [entered, setEntered] = useState<Entered>({})
  // The form that was answered last: its values are planned along with whatever is asked next.
  const [form, setForm] = useState<Form | null>(null)
  const entityTypeId = open ?? ''
  const fields = form?.entityTypeId === open ? form.fields : null
  const values = fields === null ? [] : toFieldValues(fields, entered)
  const preview = usePreview(CreateView_Preview, {
    input,
    entityTypeId,
    accountKind,
    recordType,
    record: { integrationId, entityTypeId, accountKind, recordType, values },
    picked: open !== null,
    filled: fields !== null,
  })

  const answer = preview.data?.preview
  const tabs = answer?.panel.integrations[0]?.tabs.filter(({ saveLabel }) => saveLabel !== null) ?? []
  const shown = tabs.find(({ entityType }) => entityType.id === open) ?? tabs[0]
  // Whatever may not be made any more has no form; the first that may has.
  if (shown && shown.entityType.id !== open) pick(shown.entityType.id)
  const answered = answer?.recordForm
  const [known, setKnown] = useState(answered)
  if (answered !== known) {
    setKnown(answered)
    if (answered?.__typename === 'RecordForm' && shown) {
      const inputs = readFragment(FormFields_Field, answered.fields)
      setForm({ entityTypeId: shown.entityType.id, fields: inputs.map((it) => readFragment(FormInput_Field, it)) })
    }
  }

  function pick(id: string) {
    setOpen(id)
    setAccountKind(null)
    setRecordType(null)
  }

  return (
    <PreviewAnswer preview={preview}>
      {({ preview: { panel, recordForm, planRecord } }) => {
        if (panel.integrations.length === 0) return <NotConnected />
        if (!shown) return <Text size="sm">Agents may make no records: creation is switched off for all entities.</Text>
        return (
          <Stack gap="sm">
            <EntityTabs tabs={tabs} open={shown.entityType.id} onOpen={pick} />
            {recordForm?.__typename === 'RecordForm' && (
              <>
                {recordForm.accountKinds.length > 0 && (
                  <SegmentedControl
                    aria-label="Kind of account"
                    size="xs"
                    value={accountKind ?? recordForm.accountKinds[0] ?? 'BUSINESS'}
                    onChange={setAccountKind}
                    data={recordForm.accountKinds.map((kind) => ({ value: kind, label: accountKinds[kind] }))}
                  />
                )}
                {recordForm.recordTypes.length > 1 && (
                  <NativeSelect
                    size="xs"
                    label="Record type"
                    value={recordType ?? recordForm.recordTypes.find(({ isDefault }) => isDefault)?.name ?? ''}
                    onChange={(event) => setRecordType(event.currentTarget.value)}
                    data={recordForm.recordTypes.map(({ name, label }) => ({ value: name, label }))}
                  />
                )}
                <section aria-label={recordForm.submitLabel}>
                  <Stack gap="sm">
                    <FormFields
                      fields={recordForm.fields}
                      entered={entered}
                      onChange={(id, next) => setEntered((all) => ({ ...all, [id]: next }))}
                      errors={faultsByName(planRecord ? readFragment(Plan_Result, planRecord) : null)}
                    />
                    <Text size="sm">
                      Button below the form: <strong>{recordForm.submitLabel}</strong>
                    </Text>
                  </Stack>
                </section>
                {recordForm.notes.length > 0 && (
                  <List size="sm">
                    {recordForm.notes.map((note) => (
                      <List.Item key={note}>{note}</List.Item>
                    ))}
                  </List>
                )}
                {planRecord && <Plan result={planRecord} labelOf={(name) => labelIn(tabs, name)} />}
              </>
            )}
            {recordForm && recordForm.__typename !== 'RecordForm' && <FaultNote fault={faultOfRefusal(recordForm)} />}
          </Stack>
        )
      }}
    </PreviewAnswer>
  )
}

const accountKinds: Record<AccountKind, string> = { BUSINESS: 'Business account', PERSON: 'Person account' }

interface EntityTabsProps {
  tabs: readonly Tab[]
  open: string
  onOpen: (id: string) => void
}

function EntityTabs({ tabs, open, onOpen }: EntityTabsProps) {
  return (
    <Tabs value={open} onChange={(id) => id && onOpen(id)} variant="pills">
      <Tabs.List aria-label="What to create">
        {tabs.map(({ entityType, label }) => (
          <Tabs.Tab key={entityType.id} value={entityType.id}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
    </Tabs>
  )
}
