/** The server as it is run in production, as a process of its own. */
import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { openInstallation } from '../support/server-process.ts'

const owner = { email: 'owner@example.com', password: 'correct horse battery' }
const production = {
  NODE_ENV: 'production',
  BACKCHANNEL_KEYS: `first:${randomBytes(32).toString('base64')}`,
  ADMIN_API_KEY: randomBytes(33).toString('base64'),
  ADMIN_EMAIL: owner.email,
  ADMIN_PASSWORD: owner.password,
}

test('GraphiQL opens for an admin who is signed in, and for nobody else (T11)', async () => {
  const { port } = await (await openInstallation(production)).start()
  const url = `http://localhost:${port}`
  const open = (headers: Record<string, string>) =>
    fetch(`${url}/graphql`, { headers: { accept: 'text/html', 'sec-fetch-site': 'same-origin', ...headers } })
  const stranger = await open({})
  expect(stranger.headers.get('content-type')).not.toContain('text/html')
  expect(await stranger.text()).not.toContain('graphiql')

  const signedIn = await fetch(`${url}/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify(owner),
  })
  const cookie = signedIn.headers
    .getSetCookie()
    .map((it) => it.split(';')[0])
    .join('; ')
  const page = await open({ cookie })
  expect(page.headers.get('content-type')).toContain('text/html')
  expect(await page.text()).toContain('graphiql')
  // A link on another site brings the cookie along, and is not believed.
  expect(await (await open({ cookie, 'sec-fetch-site': 'cross-site' })).text()).not.toContain('graphiql')
})

test('where a company has an identity provider, the sign-in page offers it by its name', async () => {
  const oidc = { OIDC_ISSUER: 'http://127.0.0.1:9', OIDC_CLIENT_ID: 'gateway', OIDC_NAME: 'Example Ltd' }
  const { port } = await (await openInstallation({ ...production, ...oidc })).start()
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage()
    await page.goto(`http://localhost:${port}/admin/sign-in`)
    await page.getByRole('button', { name: 'Example Ltd' }).click()
    await page.getByText('The sign-in of your company does not answer.').waitFor()
  } finally {
    await browser.close()
  }
})
