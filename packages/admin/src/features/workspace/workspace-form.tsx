import { Button, Card, NumberInput, Select, Stack, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { type FormEvent, useMemo, useState } from 'react'
import { useClient } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import type { WorkspaceForm_WorkspaceFragment } from '../../graphql/generated/graphql.ts'
import { type FragmentType, graphql, readFragment } from '../../graphql/generated/index.ts'
import { FormEnd } from '../../ui/form-end.tsx'
import { LeaveGuard } from '../../ui/leave-guard.tsx'
import { tellDone } from '../../ui/tell.ts'
import { useFocusOnFault } from '../../ui/use-focus-on-fault.ts'
import { listCountries } from './countries.ts'
import { listTimeZones } from './time-zones.ts'

const WorkspaceForm_Workspace = graphql(`
  fragment WorkspaceForm_Workspace on Workspace {
    id
    name
    brand
    timeZone
    countryCode
    retentionDays
  }
`)

const WorkspaceForm_Update = graphql(`
  mutation WorkspaceForm_Update($input: UpdateWorkspaceInput!) {
    updateWorkspace(input: $input) {
      __typename
      ... on WorkspaceSuccess { workspace { id ...WorkspaceForm_Workspace } }
      ... on Error { code message }
      ... on ValidationError { fields { path message } }
    }
  }
`)

interface WorkspaceFormProps {
  workspace: FragmentType<typeof WorkspaceForm_Workspace>
}

/** Name, brand, time, place and how long conversations are kept. */
export function WorkspaceForm({ workspace }: WorkspaceFormProps) {
  const saved = readFragment(WorkspaceForm_Workspace, workspace)
  const client = useClient()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const [faults, setFaults] = useState<Record<string, string> | null>(null)
  const element = useFocusOnFault(faults)
  const countries = useMemo(listCountries, [])
  const timeZones = useMemo(() => listTimeZones(saved.timeZone), [saved.timeZone])
  const form = useForm({ initialValues: valuesOf(saved) })

  async function save(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    form.clearErrors()
    const { retentionDays, ...values } = form.values
    const input = { ...values, retentionDays: retentionDays === '' ? null : Number(retentionDays) }
    const { data, error } = await client.mutation(WorkspaceForm_Update, { input })
    setBusy(false)
    const result = data?.updateWorkspace
    if (result?.__typename === 'WorkspaceSuccess') {
      const now = valuesOf(readFragment(WorkspaceForm_Workspace, result.workspace))
      form.setInitialValues(now)
      form.setValues(now)
      return tellDone('The workspace is saved.')
    }
    if (result?.__typename !== 'ValidationError') return setProblem(result?.message ?? sentenceFor(error))
    const refused = Object.fromEntries(result.fields.map(({ path, message }) => [path.at(-1) ?? '', message]))
    form.setErrors(refused)
    setFaults(refused)
  }

  return (
    <Card withBorder component="section" aria-labelledby="workspace-form">
      <LeaveGuard isUnsaved={() => form.isDirty()} />
      <form ref={element} onSubmit={(event) => void save(event)} noValidate>
        <Stack>
          <Title order={2} size="h4" id="workspace-form">
            Settings
          </Title>
          <TextInput
            label="Name"
            description="Your people see it beside their own name."
            {...form.getInputProps('name')}
          />
          <TextInput
            label="Brand"
            description={`Subjects begin with it: “${form.values.brand || '…'} SMS”, “${form.values.brand || '…'} Chat”.`}
            {...form.getInputProps('brand')}
          />
          <Select
            label="Time zone"
            description="Times in transcripts and in this app are written in it."
            data={timeZones}
            searchable
            limit={80}
            allowDeselect={false}
            nothingFoundMessage="There is no such zone."
            {...form.getInputProps('timeZone')}
          />
          <Select
            label="Country"
            description="Phone numbers without a prefix are read as of this country."
            data={countries}
            searchable
            limit={80}
            allowDeselect={false}
            nothingFoundMessage="There is no such country."
            {...form.getInputProps('countryCode')}
          />
          <NumberInput
            label="Keep conversations for"
            description="Counted from the last message; then messages, visitors and variables are removed here. Leave it empty to keep them for good. What was filed stays in the CRM."
            suffix=" days"
            allowDecimal={false}
            allowNegative={false}
            hideControls
            {...form.getInputProps('retentionDays')}
          />
          <FormEnd label="Save" busy={busy} refusal={problem}>
            {form.isDirty() && (
              <Button variant="default" disabled={busy} onClick={() => form.reset()}>
                Undo
              </Button>
            )}
          </FormEnd>
        </Stack>
      </form>
    </Card>
  )
}

function valuesOf({ name, brand, timeZone, countryCode, retentionDays }: WorkspaceForm_WorkspaceFragment) {
  const days: number | string = retentionDays ?? ''
  return { name, brand, timeZone, countryCode, retentionDays: days }
}
