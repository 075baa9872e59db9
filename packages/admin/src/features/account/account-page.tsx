import { Alert, Stack, Text } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useQuery } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import { graphql } from '../../graphql/generated/index.ts'
import { LoadProblem } from '../../ui/load-problem.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Waiting } from '../../ui/waiting.tsx'
import { NameForm } from './name-form.tsx'
import { PasswordForm } from './password-form.tsx'
import { SecondFactor } from './second-factor.tsx'
import { SignOutEverywhere } from './sign-out-everywhere.tsx'

const AccountPage_Query = graphql(`
  query AccountPage_Query {
    viewer {
      user { id name email role }
    }
  }
`)

const route = getRouteApi('/signed-in/account')

/** One's own account: name and password. */
export function AccountPage() {
  const [{ data, error, fetching }, read] = useQuery({ query: AccountPage_Query, requestPolicy: 'cache-and-network' })
  const reload = () => read({ requestPolicy: 'network-only' })
  const user = data?.viewer.user
  const { changed } = route.useSearch()

  return (
    <Stack maw="40rem">
      <PageTitle title="Your account" {...(user && { about: `You sign in as ${user.email}.` })} />
      {error && !data && (
        <LoadProblem what="Your account" reason={sentenceFor(error)} retrying={fetching} onRetry={reload} />
      )}
      {!data && !error && <Waiting />}
      {user && (
        <>
          <Panel title="Name" about="Your colleagues see it beside what you have changed.">
            <NameForm name={user.name} onChanged={reload} />
          </Panel>
          <Panel title="Password" about="Changing it ends your sessions on every other device.">
            {changed === 'password' && (
              <Alert color="green" role="status">
                Your password is changed. You are signed out everywhere else.
              </Alert>
            )}
            <PasswordForm />
          </Panel>
          <Panel
            title="Second factor"
            about="Signing in then asks for a code of an authenticator app besides the password."
          >
            {changed === 'second-factor' && (
              <Alert color="green" role="status">
                That is changed.
              </Alert>
            )}
            <SecondFactor />
          </Panel>
          <Panel title="Sessions" about="A session ends a week after its last use, and a month after you signed in.">
            <SignOutEverywhere />
          </Panel>
          <Text size="sm" c="dimmed">
            {user.role === 'OWNER'
              ? 'You are an owner of this workspace.'
              : 'You are an admin of this workspace. An owner can change that.'}
          </Text>
        </>
      )}
    </Stack>
  )
}
