import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { graphql, readFragment } from '../../graphql/generated/index.ts'
import { faultOfRefusal, faultsByName } from './fault.ts'
import { FormFields, FormFields_Field, NoFields } from './form-fields.tsx'
import { FormInput_Field } from './form-input.tsx'
import { type Entered, toFieldValues } from './form-values.ts'
import { Plan, Plan_Result } from './plan.tsx'
import { labelIn } from './plan-words.ts'
import { FaultNote, PreviewAnswer } from './preview-answer.tsx'
import { type ChosenRecord, usePreviewState } from './preview-context.ts'
import { usePreview } from './use-preview.ts'

const TagView_Preview = graphql(`
  query TagView_Preview($input: PreviewInput!, $recordIds: [ID!]!, $values: [FieldValueInput!]!) {
    preview(input: $input) {
      panel { integrations { tabs { label entityType { id name } } } }
      tagForm(recordIds: $recordIds) {
        __typename
        ... on TagForm { sections { entityType { id displayName } fields { ...FormFields_Field } } }
        ... on Error { message }
        ... on ValidationError { fields { message } }
      }
      planPush(recordIds: $recordIds, backendValues: $values) { ...Plan_Result }
    }
  }
`)

/** What an agent is asked when records are tagged, and what tagging them would write. */
export function TagView() {
  const { chosen, show } = usePreviewState()
  if (chosen.length === 0) {
    return (
      <Stack gap="xs" align="start">
        <Text size="sm">No record is chosen yet. Search for one, and choose Tag beside it.</Text>
        <Button size="xs" variant="light" onClick={() => show('SEARCH')}>
          Search
        </Button>
      </Stack>
    )
  }
  return <Tagging records={chosen} />
}

function Tagging({ records }: { records: readonly ChosenRecord[] }) {
  const { input, show } = usePreviewState()
  const [entered, setEntered] = useState<Entered>({})
  const [fields, setFields] = useState<Parameters<typeof toFieldValues>[0]>([])
  const preview = usePreview(TagView_Preview, {
    input,
    recordIds: records.map(({ id }) => id),
    values: toFieldValues(fields, entered),
  })
  const form = preview.data?.preview.tagForm
  const [known, setKnown] = useState(form)
  if (form !== known) {
    setKnown(form)
    const sections = form?.__typename === 'TagForm' ? form.sections : []
    const inputs = sections.flatMap((section) => readFragment(FormFields_Field, section.fields))
    setFields(inputs.map((it) => readFragment(FormInput_Field, it)))
  }

  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="xs">
        <Text size="sm">
          Tagged: <strong>{records.map(({ name }) => name).join(', ')}</strong>
        </Text>
        <Button size="compact-sm" variant="default" onClick={() => show('SEARCH')}>
          Search another
        </Button>
      </Group>
      <PreviewAnswer preview={preview}>
        {({ preview: { panel, tagForm, planPush } }) => (
          <Stack gap="sm">
            <section aria-label="Asked when tagging">
              <Stack gap="xs">
                <Title order={3} size="h5">
                  Asked when tagging
                </Title>
                {tagForm.__typename !== 'TagForm' && <FaultNote fault={faultOfRefusal(tagForm)} />}
                {tagForm.__typename === 'TagForm' && tagForm.sections.every((it) => it.fields.length === 0) && (
                  <NoFields />
                )}
                {tagForm.__typename === 'TagForm' &&
                  tagForm.sections.map(({ entityType, fields: ofSection }) => (
                    <FormFields
                      key={entityType.id}
                      fields={ofSection}
                      entered={entered}
                      onChange={(id, next) => setEntered((all) => ({ ...all, [id]: next }))}
                      errors={faultsByName(readFragment(Plan_Result, planPush))}
                    />
                  ))}
              </Stack>
            </section>
            <Plan
              result={planPush}
              labelOf={(name) =>
                labelIn(
                  panel.integrations.flatMap(({ tabs }) => tabs),
                  name,
                )
              }
            />
          </Stack>
        )}
      </PreviewAnswer>
    </Stack>
  )
}
