import { Alert, Button, Card, Code, Group, Stack, Text, TextInput, Title } from '@mantine/core'
import { type FormEvent, useRef, useState } from 'react'
import { useClient } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import { type FragmentType, graphql, readFragment } from '../../graphql/generated/index.ts'
import { tellDone } from '../../ui/tell.ts'
import classes from './chat-variables.module.css'

const ChatVariables_Workspace = graphql(`
  fragment ChatVariables_Workspace on Workspace {
    id
    chatVariables { name builtIn }
  }
`)

const ChatVariables_Declare = graphql(`
  mutation ChatVariables_Declare($name: String!) {
    declareChatVariable(name: $name) {
      __typename
      ... on WorkspaceSuccess { workspace { id ...ChatVariables_Workspace } }
      ... on Error { code message }
      ... on ValidationError { fields { path message } }
    }
  }
`)

const ChatVariables_Remove = graphql(`
  mutation ChatVariables_Remove($name: String!) {
    removeChatVariable(name: $name) {
      __typename
      ... on WorkspaceSuccess { workspace { id ...ChatVariables_Workspace } }
      ... on Error { code message }
      ... on ValidationError { fields { path message } }
    }
  }
`)

interface ChatVariablesProps {
  workspace: FragmentType<typeof ChatVariables_Workspace>
}

/** The variables that export fields can take: those that every chat has, and the workspace's own. */
export function ChatVariables({ workspace }: ChatVariablesProps) {
  const { chatVariables } = readFragment(ChatVariables_Workspace, workspace)
  const client = useClient()
  const input = useRef<HTMLInputElement>(null)
  const [name, setName] = useState('')
  const [fault, setFault] = useState<string | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  /** The name that is being added or taken away. */
  const [busy, setBusy] = useState<string | null>(null)
  const own = chatVariables.filter(({ builtIn }) => !builtIn)

  async function declare(event: FormEvent) {
    event.preventDefault()
    if (name.trim() === '') return setFault('Enter its name.')
    setBusy(name)
    setFault(null)
    const { data, error } = await client.mutation(ChatVariables_Declare, { name })
    setBusy(null)
    const result = data?.declareChatVariable
    if (result?.__typename === 'WorkspaceSuccess') {
      tellDone(`${name.trim()} can be taken by export fields now.`)
      setName('')
    } else setFault(reasonOf(result) ?? sentenceFor(error))
    input.current?.focus()
  }

  async function remove(variable: string) {
    setBusy(variable)
    setRefusal(null)
    const { data, error } = await client.mutation(ChatVariables_Remove, { name: variable })
    setBusy(null)
    const result = data?.removeChatVariable
    if (result?.__typename !== 'WorkspaceSuccess') return setRefusal(reasonOf(result) ?? sentenceFor(error))
    tellDone(`${variable} is removed.`)
    // The button that had the focus went with it.
    input.current?.focus()
  }

  return (
    <Card withBorder component="section" aria-labelledby="chat-variables">
      <Stack>
        <div>
          <Title order={2} size="h4" id="chat-variables">
            Chat variables
          </Title>
          <Text size="sm" c="dimmed">
            What a chat knows of its visitor besides the contact data. Export fields can take it, and a page address can
            carry it. Spell names as your chat product does; case counts.
          </Text>
        </div>
        <div>
          <Title order={3} size="h5" id="built-in-variables">
            Every chat has
          </Title>
          <ul aria-labelledby="built-in-variables" className={classes['builtIn']}>
            {chatVariables
              .filter(({ builtIn }) => builtIn)
              .map((variable) => (
                <li key={variable.name}>
                  <Code>{variable.name}</Code>
                </li>
              ))}
          </ul>
        </div>
        <div>
          <Title order={3} size="h5" id="own-variables">
            Your own
          </Title>
          {own.length === 0 && (
            <Text size="sm" c="dimmed">
              None yet. Add one, and it is offered in the export fields of both CRMs.
            </Text>
          )}
          <ul aria-labelledby="own-variables" className={classes['own']}>
            {own.map((variable) => (
              <li key={variable.name} className={classes['variable']}>
                <Code className={classes['name']}>{variable.name}</Code>
                <Button
                  variant="subtle"
                  color="red"
                  size="compact-sm"
                  aria-label={`Remove ${variable.name}`}
                  loading={busy === variable.name}
                  onClick={() => void remove(variable.name)}
                >
                  Remove
                </Button>
              </li>
            ))}
          </ul>
        </div>
        {refusal && (
          <Alert color="red" role="alert" title="It is still used">
            {refusal}
          </Alert>
        )}
        <form onSubmit={(event) => void declare(event)}>
          <Group align="start" gap="xs">
            <TextInput
              ref={input}
              label="New variable"
              placeholder="Campaign"
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              error={fault}
              flex={1}
              miw="12rem"
            />
            <Button type="submit" mt="1.55rem" loading={busy !== null && busy === name}>
              Add
            </Button>
          </Group>
        </form>
      </Stack>
    </Card>
  )
}

interface Refusal {
  message?: string
  fields?: readonly { message: string }[]
}

function reasonOf(refusal: Refusal | undefined): string | null {
  if (refusal?.fields?.length) return refusal.fields.map(({ message }) => message).join(' ')
  return refusal?.message ?? null
}
