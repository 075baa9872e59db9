import { TextInput } from '@mantine/core'
import { DescribedSwitch } from '../../../ui/described-switch.tsx'
import { AnchorLink } from '../../../ui/link.tsx'
import { Note } from '../../../ui/note.tsx'
import { Panel } from '../../../ui/panel.tsx'
import type { FormFields } from '../use-settings-form.ts'
import type { SalesforceValues } from './salesforce-values.ts'

interface ActivitiesProps {
  form: FormFields<SalesforceValues>
  integrationId: string
  /** Whether there is a backend field that gives the subject. */
  hasSubjectField: boolean
}

/** What the activities that conversations are filed as are called. */
export function Activities({ form: { values, set, errors }, integrationId, hasSubjectField }: ActivitiesProps) {
  const suffix = values.subjectSuffix.trim()
  return (
    <Panel
      title="Activities"
      about="A conversation is filed as an activity whose subject begins with “Alive Chat” or “Alive SMS”."
    >
      <DescribedSwitch
        label="Allow Activity Subject Change"
        description="The subject is what the backend field of the subject says."
        checked={values.allowActivitySubjectChange}
        onChange={(on) => set('allowActivitySubjectChange', on)}
      />
      {values.allowActivitySubjectChange && !hasSubjectField && (
        <Note kind="WARNING">
          This needs a backend field Subject with the entity type Activity and the field type Picklist, and there is
          none yet. Until there is, subjects stay as they are.{' '}
          <AnchorLink to="/settings/$integrationId/backend-fields" params={{ integrationId }} inherit>
            Go to the backend fields
          </AnchorLink>
        </Note>
      )}
      <TextInput
        label="Subject Suffix"
        description="Stands at the end of every subject, behind a pipe. Empty: none."
        value={values.subjectSuffix}
        onChange={(event) => set('subjectSuffix', event.currentTarget.value)}
        error={errors['subjectSuffix']}
      />
      {suffix !== '' && <Note>For instance: Alive Chat with Ada Lovelace | {suffix}</Note>}
    </Panel>
  )
}
