import { Switch, Text } from '@mantine/core'
import { Panel } from '../../../ui/panel.tsx'
import type { FormFields } from '../use-settings-form.ts'
import { type CommonValues, permissions } from './common-values.ts'
import classes from './integration-settings.module.css'

/** What agents may search and create. */
export function PermissionSwitches({ form: { values, set } }: { form: FormFields<CommonValues> }) {
  return (
    <Panel
      title="Searching and creating"
      about="What is off is not offered to agents, and refused to whoever asks for it all the same."
    >
      <div className={classes['permissions']}>
        {permissions.map(({ member, label }) => (
          <Switch
            key={member}
            label={label}
            checked={values[member]}
            onChange={(event) => set(member, event.currentTarget.checked)}
          />
        ))}
      </div>
      {!permissions.some(({ may, member }) => may === 'searchable' && values[member]) && (
        <Text size="sm" c="dimmed">
          With all three off, agents search only the entities that you have added.
        </Text>
      )}
    </Panel>
  )
}
