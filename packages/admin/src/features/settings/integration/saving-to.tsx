import { Button, Group, Radio, Stack, TextInput } from '@mantine/core'
import { useRef } from 'react'
import type { ChatsSaveTo } from '../../../graphql/generated/graphql.ts'
import { DescribedSwitch } from '../../../ui/described-switch.tsx'
import { Note } from '../../../ui/note.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EntityPicker } from '../pickers/entity-picker.tsx'
import type { FormFields } from '../use-settings-form.ts'
import { ActivityEntitySteps } from './activity-entity-steps.tsx'
import { type DynamicsValues, destinations, isDestination } from './dynamics-values.ts'
import classes from './integration-settings.module.css'

/** Activity types that every Dynamics 365 org has. */
const presets = [
  { name: 'appointment', label: 'Appointment' },
  { name: 'email', label: 'Email' },
  { name: 'phonecall', label: 'Phone Call' },
]

/** As what conversations are filed in Dynamics 365, and whether that is closed. */
export function SavingTo({ form: { values, set, errors } }: { form: FormFields<DynamicsValues> }) {
  const { chatsSaveTo, activityTypeName, allowActivityClosing, allowNewCreation } = values
  /** What was given for the destination that is not chosen now: it is there again when it is. */
  const given = useRef<Partial<Record<ChatsSaveTo, string>>>({})
  const isTask = activityTypeName.trim().toLowerCase() === 'task'
  const nameFault = chatsSaveTo === 'TASK' && activityTypeName !== '' && !isTask && 'With Task, this must be “Task”.'
  return (
    <Panel title="Filing conversations">
      <Radio.Group
        label="Chats Save To"
        value={chatsSaveTo}
        onChange={(chosen) => {
          if (!isDestination(chosen) || chosen === chatsSaveTo) return
          given.current[chatsSaveTo] = activityTypeName
          set('chatsSaveTo', chosen)
          set('activityTypeName', given.current[chosen] ?? '')
        }}
        error={errors['chatsSaveTo']}
      >
        <Stack gap="xs" mt="xs">
          {Object.entries(destinations).map(([value, { label, about }]) => (
            <Radio key={value} value={value} label={label} description={about} />
          ))}
        </Stack>
      </Radio.Group>
      {chatsSaveTo === 'TASK' && (
        <div className={classes['revealed']}>
          <TextInput
            label="Activity Type Name"
            description="Write “Task”: Dynamics 365 files under this name."
            required
            autoCapitalize="none"
            value={activityTypeName}
            onChange={(event) => set('activityTypeName', event.currentTarget.value)}
            error={nameFault || errors['activityTypeName']}
          />
        </div>
      )}
      {chatsSaveTo === 'CUSTOM_ACTIVITY' && (
        <div className={classes['revealed']}>
          <EntityPicker
            label="Activity Type Name"
            description="Any entity of the org that is an activity."
            required
            isActivity
            value={activityTypeName}
            onChange={(name) => set('activityTypeName', name)}
            error={errors['activityTypeName']}
          />
          <Group gap="xs" role="group" aria-label="Activity types that exist already">
            {presets.map(({ name, label }) => (
              <Button
                key={name}
                size="xs"
                variant={activityTypeName === name ? 'light' : 'default'}
                aria-pressed={activityTypeName === name}
                onClick={() => set('activityTypeName', name)}
              >
                {label}
              </Button>
            ))}
          </Group>
          <ActivityEntitySteps />
        </div>
      )}
      <DescribedSwitch
        label="Allow Activity Closing"
        description="What is filed when a conversation is tagged is completed at once. Text messages that come later are filed in a new activity, which stays open."
        checked={allowActivityClosing}
        onChange={(on) => set('allowActivityClosing', on)}
      />
      {allowActivityClosing && chatsSaveTo === 'NOTES' && (
        <Note kind="WARNING">Notes cannot be closed. Choose Task under Chats Save To, or leave this off.</Note>
      )}
      {allowActivityClosing && chatsSaveTo === 'CUSTOM_ACTIVITY' && (
        <Note>It is closed by the completed state of its own type. A type that has none stays open.</Note>
      )}
      <DescribedSwitch
        label="Allow New Creation"
        description="Each new text message is filed in an activity of its own, with the whole conversation so far. Off: messages are added to the activity that is there."
        checked={allowNewCreation}
        onChange={(on) => set('allowNewCreation', on)}
      />
      {allowActivityClosing && allowNewCreation && (
        <Note>
          Closing is for what tagging files. Later text messages make activities of their own, which stay open.
        </Note>
      )}
    </Panel>
  )
}
