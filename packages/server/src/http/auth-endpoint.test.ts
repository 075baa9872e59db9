import { buildSchema } from 'graphql'
import { expect, test } from 'vitest'
import { startTestServer } from '../testing/http.ts'
import { ADDRESS_HEADER, LOCAL_HEADER } from '../viewers/session-cookie.ts'
import type { Sessions } from '../viewers/sessions.ts'
import { createAuthEndpoint } from './auth-endpoint.ts'
import type { ConnectEndpointParts } from './connect-endpoint.ts'

/** What sign-ins are told of where a request comes from. */
async function openAuth() {
  const sessions = {
    handle: async ({ headers }: Request) => Response.json([headers.get(ADDRESS_HEADER), headers.get(LOCAL_HEADER)]),
  } as unknown as Sessions
  const auth = createAuthEndpoint({
    sessions,
    authenticate: async () => null,
    integrations: {} as ConnectEndpointParts['integrations'],
    workspaces: {} as ConnectEndpointParts['workspaces'],
    publicUrl: 'http://localhost',
    ownOrigins: new Set(),
  })
  const { url } = await startTestServer(buildSchema('type Query { hello: String }'), {}, { auth })
  return async (headers: Record<string, string>) =>
    (await fetch(`${url}/auth/sign-up/email`, { method: 'POST', headers, body: '{}' })).json()
}

test('a request from this machine is local; one that a proxy on it handed on is not, whatever its sender says', async () => {
  const ask = await openAuth()
  expect(await ask({})).toEqual(['127.0.0.1', 'yes'])
  const claims = { [ADDRESS_HEADER]: '10.0.0.1', [LOCAL_HEADER]: 'yes' }
  for (const name of ['x-forwarded-for', 'forwarded', 'via']) {
    expect(await ask({ ...claims, [name]: '203.0.113.7' })).toEqual(['127.0.0.1', 'no'])
  }
})
