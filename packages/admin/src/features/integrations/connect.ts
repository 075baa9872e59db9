/** Connecting a CRM: what the form's values become, and what comes back. */
import type { Client } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import type { ConnectForm_ProviderFragment, Provider } from '../../graphql/generated/graphql.ts'
import { graphql } from '../../graphql/generated/index.ts'
import { crmPath } from './crm-path.ts'

const Connect_Dynamics = graphql(`
  mutation Connect_Dynamics($input: ConnectDynamicsInput!) {
    connectDynamics(input: $input) {
      __typename
      ... on ConnectSuccess { integration { id name } }
      ... on Error { code message }
      ... on ValidationError { fields { path message } }
    }
  }
`)

const Connect_BeginSignIn = graphql(`
  mutation Connect_BeginSignIn($input: BeginSignInInput!) {
    beginSignIn(input: $input) {
      __typename
      ... on BeginSignInSuccess { authorizeUrl }
      ... on Error { code message }
      ... on ValidationError { fields { path message } }
    }
  }
`)

export type ConnectMethod = ConnectForm_ProviderFragment['methods'][number]

/** What was entered, by the input's name; what is empty is left out. */
export type ConnectValues = Readonly<Record<string, string>>

export type ConnectOutcome =
  | { kind: 'CONNECTED'; name: string }
  | { kind: 'REDIRECT'; url: string }
  /** `message` stands beside the button, `fields` at their inputs. */
  | { kind: 'REFUSED'; message: string | null; fields: ConnectValues }

/** @param integrationId is connected again, with the settings that it has */
export async function connect(
  client: Client,
  provider: Provider,
  method: ConnectMethod,
  values: ConnectValues,
  integrationId: string | null,
): Promise<ConnectOutcome> {
  if (method.redirects) {
    const input = { ...values, provider, integrationId, returnTo: `/admin${crmPath(provider)}?connected=true` }
    const { data, error } = await client.mutation(Connect_BeginSignIn, { input })
    const result = data?.beginSignIn
    if (result?.__typename === 'BeginSignInSuccess') return { kind: 'REDIRECT', url: result.authorizeUrl }
    return result ? refusal(result, method) : { kind: 'REFUSED', message: sentenceFor(error), fields: {} }
  }
  const input = toConnectInput(method, values, integrationId)
  const { data, error } = await client.mutation(Connect_Dynamics, { input })
  const result = data?.connectDynamics
  if (result?.__typename === 'ConnectSuccess') return { kind: 'CONNECTED', name: result.integration.name }
  return result ? refusal(result, method) : { kind: 'REFUSED', message: sentenceFor(error), fields: {} }
}

/** The gateway says of each input that is empty what belongs there. */
function toConnectInput({ key }: ConnectMethod, values: ConnectValues, integrationId: string | null) {
  const { applicationUrl = '', tenantId = '', clientId = '', username = '', password = '' } = values
  if (key === 'ON_PREMISES') return { onPremises: { applicationUrl, username, password, integrationId } }
  return { appRegistration: { ...values, applicationUrl, tenantId, clientId, integrationId } }
}

interface Refusal {
  message: string
  fields?: readonly { path: readonly string[]; message: string }[]
}

/** A fault goes to its input; whatever has no input is told beside the button. */
function refusal({ message, fields: faults }: Refusal, method: ConnectMethod): ConnectOutcome {
  if (faults === undefined) return { kind: 'REFUSED', message, fields: {} }
  const fields: Record<string, string> = {}
  const others: string[] = []
  for (const fault of faults) {
    const name = fault.path.at(-1) ?? ''
    if (method.fields.some((field) => field.name === name)) fields[name] = fault.message
    else others.push(fault.message)
  }
  return { kind: 'REFUSED', message: others.join(' ') || null, fields }
}
