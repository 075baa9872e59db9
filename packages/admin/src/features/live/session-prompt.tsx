import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useClient, useQuery } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import { graphql } from '../../graphql/generated/index.ts'
import { AnchorLink } from '../../ui/link.tsx'
import { tellDone, tellProblem } from '../../ui/tell.ts'
import { clock, type Ended, nextPrompt, secondsLeft } from './prompt.ts'

const SessionPrompt_Query = graphql(`
  query SessionPrompt_Query {
    integrations {
      id
      name
      status
      sessionEndsInSeconds
    }
  }
`)

const SessionPrompt_Keep = graphql(`
  mutation SessionPrompt_Keep($id: ID!) {
    keepSession(integrationId: $id) {
      __typename
      ... on ConnectSuccess { integration { id status sessionEndsInSeconds } }
      ... on Error { code message }
    }
  }
`)

const SessionPrompt_LogOut = graphql(`
  mutation SessionPrompt_LogOut($id: ID!) {
    disconnectIntegration(id: $id) {
      __typename
      ... on DisconnectSuccess { integration { id status connectedAs sessionEndsInSeconds } }
      ... on Error { code message }
    }
  }
`)

/** A CRM's session was idle and nothing renews it: asks whether to go on, whatever page is open. */
export function SessionPrompt() {
  const client = useClient()
  const [{ data }, reload] = useQuery({ query: SessionPrompt_Query, requestPolicy: 'cache-and-network' })
  const [ended, setEnded] = useState<Ended | null>(null)
  const [busy, setBusy] = useState(false)
  const [now, setNow] = useState(Date.now)
  const [prompt, setPrompt] = useState<ReturnType<typeof nextPrompt>['prompt']>(null)

  useEffect(() => {
    if (!data) return
    const next = nextPrompt(prompt, data.integrations, Date.now())
    setPrompt(next.prompt)
    if (next.ended) setEnded(next.ended)
  }, [data, prompt])

  useEffect(() => {
    if (!prompt) return
    const timer = setInterval(() => {
      setNow(Date.now())
      // The time is over: the server says what became of it.
      if (secondsLeft(prompt, Date.now()) === 0) reload({ requestPolicy: 'network-only' })
    }, 1_000)
    return () => clearInterval(timer)
  }, [prompt, reload])

  async function goOn(id: string) {
    setBusy(true)
    const { data: answer, error } = await client.mutation(SessionPrompt_Keep, { id })
    setBusy(false)
    const result = answer?.keepSession
    if (result?.__typename === 'ConnectSuccess') tellDone(`You go on with ${prompt?.name}.`)
    else tellProblem(result?.message ?? sentenceFor(error))
    reload({ requestPolicy: 'network-only' })
  }

  async function logOut(id: string) {
    setBusy(true)
    const { data: answer, error } = await client.mutation(SessionPrompt_LogOut, { id })
    setBusy(false)
    const result = answer?.disconnectIntegration
    if (result?.__typename !== 'DisconnectSuccess') tellProblem(result?.message ?? sentenceFor(error))
    reload({ requestPolicy: 'network-only' })
  }

  if (prompt) {
    return (
      <Modal opened onClose={noEscape} withCloseButton={false} centered title={`Go on with ${prompt.name}?`}>
        <Stack>
          <Text>
            Nobody has used its session for a while, and it cannot renew itself. Without an answer you are logged out in{' '}
            <Text component="span" fw={700} role="timer">
              {clock(secondsLeft(prompt, Math.max(now, prompt.askedAt)))}
            </Text>
            : nothing is searched there any more, and pushes wait.
          </Text>
          <Group justify="flex-end">
            <Button variant="default" disabled={busy} onClick={() => void logOut(prompt.id)}>
              Log out
            </Button>
            <Button data-autofocus loading={busy} onClick={() => void goOn(prompt.id)}>
              Go on
            </Button>
          </Group>
        </Stack>
      </Modal>
    )
  }
  return (
    <Modal opened={ended !== null} onClose={() => setEnded(null)} centered title={`Logged out of ${ended?.name ?? ''}`}>
      <Stack>
        <Text>
          Its session is over. Settings stay, and pushes wait until it is{' '}
          <AnchorLink to="/integrations/{-$crm}" onClick={() => setEnded(null)}>
            connected again
          </AnchorLink>
          .
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => setEnded(null)}>
            Close
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

/** It is a question: one answer or the other, or none. */
function noEscape() {}
