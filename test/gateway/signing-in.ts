/** People of a gateway, as their browsers reach it: a session cookie instead of a key. */
import type { Role } from '../../packages/server/src/viewers/viewer.ts'
import type { RunningGateway } from './running-gateway.ts'

export interface SignedIn {
  readonly cookie: string
  // biome-ignore lint/suspicious/noExplicitAny: the shape follows from the query of each test.
  execute(query: string, variables?: Record<string, unknown>): Promise<any>
}

/** POSTs to `/auth`, as a page of ours. */
export function post(
  { url }: Pick<RunningGateway, 'url'>,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${url}/auth${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url, ...headers },
    body: JSON.stringify(body),
  })
}

/** The session that an answer began. */
export function cookieOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

/** Whoever has this session cookie. */
export function holderOf({ url }: Pick<RunningGateway, 'url'>, cookie: string): SignedIn {
  return {
    cookie,
    async execute(query, variables = {}) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie },
        body: JSON.stringify({ query, variables }),
      })
      const { data, errors } = (await response.json()) as { data: unknown; errors?: unknown }
      if (errors) throw new Error(`${query}\n${JSON.stringify(errors)}`)
      return data
    },
  }
}

export async function signIn(
  gateway: Pick<RunningGateway, 'url'>,
  account: { email: string; password: string },
): Promise<SignedIn> {
  const response = await post(gateway, '/sign-in/email', account)
  if (!response.ok) throw new Error(`${account.email} could not sign in: HTTP ${response.status}`)
  return holderOf(gateway, cookieOf(response))
}

export const INVITE = `mutation ($email: String!, $role: Role!) {
  inviteMember(email: $email, role: $role) {
    __typename
    ... on MemberInvite { url expiresAt invite { id email role invitedBy expiresAt } }
    ... on Error { code message }
    ... on ValidationError { fields { path } }
  }
}`

/** The token of an invite's link, as the page that it leads to takes it. */
export function tokenOf(url: string): string {
  return new URL(url).hash.slice(1)
}

/** Invites somebody and has them join; they sign in with "a long password". */
export async function addMember(
  gateway: Pick<RunningGateway, 'url'>,
  owner: SignedIn,
  email: string,
  role: Role,
): Promise<SignedIn> {
  const { inviteMember } = await owner.execute(INVITE, { email, role })
  const person = { token: tokenOf(inviteMember.url), name: email.split('@')[0], password: 'a long password' }
  const joined = await post(gateway, '/join', person)
  if (!joined.ok) throw new Error(`${email} could not join: ${await joined.text()}`)
  return holderOf(gateway, cookieOf(joined))
}
