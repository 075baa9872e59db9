import { SegmentedControl, Stack, Textarea, TextInput } from '@mantine/core'
import { useQuery } from 'urql'
import { graphql } from '../../graphql/generated/index.ts'
import classes from './preview-panel.module.css'
import { SampleRecordButton } from './sample-record-button.tsx'
import type { MadeUpVisitor } from './subject.ts'

const MadeUpVisitorForm_Variables = graphql(`
  query MadeUpVisitorForm_Variables {
    viewer { workspace { id chatVariables { name } } }
  }
`)

interface MadeUpVisitorFormProps {
  visitor: MadeUpVisitor
  onChange: (visitor: MadeUpVisitor) => void
}

/** The address of the page comes with the chat rather than from its script. */
const PAGE_URL = 'Page URL'

const inputs = [
  { name: 'firstName', label: 'First name' },
  { name: 'lastName', label: 'Last name' },
  { name: 'phone', label: 'Phone' },
  { name: 'email', label: 'E-mail' },
  { name: 'accountId', label: 'Account ID' },
  { name: 'pageUrl', label: PAGE_URL },
] as const

/** Somebody to try the settings with; every change shows in the preview. */
export function MadeUpVisitorForm({ visitor, onChange }: MadeUpVisitorFormProps) {
  const [{ data }] = useQuery({ query: MadeUpVisitorForm_Variables })
  const variables = data?.viewer.workspace?.chatVariables.filter(({ name }) => name !== PAGE_URL) ?? []
  return (
    <Stack gap="xs">
      <SampleRecordButton onFound={(person) => onChange({ ...visitor, ...person })} />
      <SegmentedControl
        aria-label="Channel"
        size="xs"
        value={visitor.channel}
        onChange={(channel) => onChange({ ...visitor, channel })}
        data={[
          { value: 'CHAT', label: 'Chat' },
          { value: 'SMS', label: 'SMS' },
        ]}
      />
      <div className={classes['pair']}>
        {inputs.map(({ name, label }) => (
          <TextInput
            key={name}
            size="xs"
            label={label}
            autoComplete="off"
            value={visitor[name]}
            onChange={({ currentTarget: { value } }) => onChange({ ...visitor, [name]: value })}
          />
        ))}
      </div>
      <Textarea
        size="xs"
        label="Messages"
        description='One a line. Those of the agent begin with "Agent:".'
        autosize
        minRows={2}
        maxRows={8}
        value={visitor.messages}
        onChange={({ currentTarget: { value } }) => onChange({ ...visitor, messages: value })}
      />
      {variables.length > 0 && (
        <details className={classes['more']}>
          <summary>Chat variables</summary>
          <div className={classes['pair']}>
            {variables.map(({ name }) => (
              <TextInput
                key={name}
                size="xs"
                label={name}
                autoComplete="off"
                value={visitor.variables[name] ?? ''}
                onChange={({ currentTarget: { value } }) =>
                  onChange({ ...visitor, variables: { ...visitor.variables, [name]: value } })
                }
              />
            ))}
          </div>
        </details>
      )}
    </Stack>
  )
}
