import { Badge, Code, Group, Text } from '@mantine/core'
import { useClient } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import { type FragmentType, graphql, readFragment } from '../../graphql/generated/index.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { Moment } from '../../ui/moment.tsx'
import { tellDone, tellProblem } from '../../ui/tell.ts'
import classes from './api-keys.module.css'
import { wordsOf } from './scopes.ts'

const ApiKeyRow_Key = graphql(`
  fragment ApiKeyRow_Key on ApiKey {
    id
    name
    scope
    preview
    lastUsedAt
    expiresAt
  }
`)

const ApiKeyRow_Revoke = graphql(`
  mutation ApiKeyRow_Revoke($id: ID!) {
    revokeApiKey(id: $id) {
      __typename
      ... on Error { code message }
    }
  }
`)

interface ApiKeyRowProps {
  apiKey: FragmentType<typeof ApiKeyRow_Key>
  onRevoked: () => void
}

/** One key: what it opens, whether it is in use, and the way to end it. */
export function ApiKeyRow({ apiKey, onRevoked }: ApiKeyRowProps) {
  const { id, name, scope, preview, lastUsedAt, expiresAt } = readFragment(ApiKeyRow_Key, apiKey)
  const client = useClient()
  const { label, may, stops } = wordsOf(scope)

  async function revoke() {
    const { data, error } = await client.mutation(ApiKeyRow_Revoke, { id })
    const result = data?.revokeApiKey
    if (result?.__typename === 'RevokeApiKeySuccess') {
      tellDone(`${name} is revoked.`)
      onRevoked()
    } else tellProblem(result?.message ?? sentenceFor(error))
  }

  return (
    <li className={classes['key']} aria-label={name}>
      <div className={classes['about']}>
        <Group gap="xs">
          <Text fw={600}>{name}</Text>
          <Badge color={scope === 'ADMIN' ? 'orange' : 'indigo'}>{label}</Badge>
          <Code>{preview}</Code>
        </Group>
        <Text size="sm">{may}</Text>
        <Text size="sm" c="dimmed">
          {lastUsedAt ? (
            <>
              Last used <Moment at={lastUsedAt} />
            </>
          ) : (
            'Not used yet'
          )}
          {' · '}
          {expiresAt ? (
            <>
              Works until <Moment at={expiresAt} />
            </>
          ) : (
            'Does not expire'
          )}
        </Text>
      </div>
      <ConfirmButton
        label="Revoke"
        variant="subtle"
        color="red"
        aria-label={`Revoke ${name}`}
        question={`Revoke ${name}?`}
        consequence={`${stops} This cannot be undone.`}
        onConfirm={revoke}
      />
    </li>
  )
}
