/** Who may end a sign-in at a CRM's page: the session that began it, or the browser in which somebody agreed to a key's asking. */
import { salesforceDemo } from '@backchannel/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { agree, askToSignIn, comeBack, decide } from './connecting.ts'
import { type RunningGateway, startGateway } from './running-gateway.ts'
import { addMember, type SignedIn, signIn } from './signing-in.ts'

const account = { email: 'owner@example.com', password: 'a long password' }
let gateway: RunningGateway
let owner: SignedIn

beforeAll(async () => {
  gateway = await startGateway()
  await gateway.gateway.entrance.ensureFirstOwner(account)
  owner = await signIn(gateway, account)
})
afterAll(() => gateway.stop())

describe('a sign-in that a session began', () => {
  /** The vendor's page. */
  async function begin({ execute }: SignedIn): Promise<URL> {
    const { clientId, clientSecret } = salesforceDemo
    const { beginSignIn } = await execute(
      'mutation ($input: BeginSignInInput!) { beginSignIn(input: $input) { ... on BeginSignInSuccess { authorizeUrl } } }',
      { input: { provider: 'SALESFORCE', loginUrl: gateway.emulator.salesforce.url, clientId, clientSecret } },
    )
    return new URL(beginSignIn.authorizeUrl)
  }

  /** Back in a browser with these cookies. */
  async function back(callback: URL, cookie: string): Promise<{ status: number; text: string }> {
    const answer = await fetch(callback, { redirect: 'manual', headers: { cookie } })
    return { status: answer.status, text: await answer.text() }
  }

  it('goes to the vendor at once, and ends in the same session', async () => {
    const page = await begin(owner)
    expect(page.origin).toBe(gateway.emulator.salesforce.url)
    expect((await back(await decide(page), owner.cookie)).status).toBe(303)
  })

  it('is refused in another session of the same person, in one of somebody else, and in none (T27)', async () => {
    const elsewhere = await signIn(gateway, account)
    const ines = await addMember(gateway, owner, 'ines@example.com', 'ADMIN')
    for (const cookie of [elsewhere.cookie, ines.cookie, '']) {
      const callback = await decide(await begin(owner))
      const refused = await back(callback, cookie)
      expect(refused.status).toBe(400)
      expect(refused.text).toContain('begun by somebody else, or in another session')
      // It was good for one try, whoever made it.
      expect((await back(callback, owner.cookie)).status).toBe(400)
    }
  })
})

describe('a sign-in that a key asks for', () => {
  const open = async (link: string) => {
    const answer = await fetch(link)
    return { status: answer.status, headers: answer.headers, text: await answer.text() }
  }

  it('leads to a page of ours that says who asks for what, and runs nothing (T27)', async () => {
    const bearer = await gateway.otherWorkspace('Sales <b>North</b>')
    const link = await askToSignIn(gateway, {}, bearer)
    expect(link).toMatch(new RegExp(`^${gateway.url}/auth/connect\\?ticket=[\\w-]{43}$`))
    const { status, headers, text } = await open(link)
    expect(status).toBe(200)
    expect(text).toContain('Connect Salesforce to “Sales &#60;b&#62;North&#60;/b&#62;”?')
    expect(text).toContain('The API key “Test ADMIN”')
    expect(text).toContain(new URL(gateway.emulator.salesforce.url).host)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'/)
    expect(policy).toContain("frame-ancestors 'none'")
    expect(headers.get('cache-control')).toBe('no-store')
    // Whoever only looks at it has agreed to nothing.
    expect((await open(link)).status).toBe(200)
  })

  it('names the integration that would be connected anew', async () => {
    const { integrations } = await gateway.execute('{ integrations { id name provider } }')
    const known = integrations.find((it: { provider: string }) => it.provider === 'SALESFORCE')
    const { text } = await open(await askToSignIn(gateway, { integrationId: known.id }))
    expect(text).toContain(`It takes the place of how “${known.name}” is connected now.`)
  })

  it('marks the browser in which somebody agrees, with a cookie that scripts do not see', async () => {
    const { origin, pathname, searchParams } = new URL(await askToSignIn(gateway))
    const answer = await fetch(origin + pathname, { method: 'POST', headers: { origin }, body: searchParams })
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^backchannel\.connect=[\w-]{43}; Max-Age=900; Path=\/; HttpOnly; SameSite=Lax$/),
    ])
  })

  it('is refused in every browser but that one (T27)', async () => {
    const bearer = await gateway.otherWorkspace('Lures')
    // A stranger is sent to the vendor's page itself, past ours.
    const stranger = new URL(await decide(await agree(await askToSignIn(gateway, {}, bearer))))
    for (const cookie of ['', `backchannel.connect=${'x'.repeat(43)}`, owner.cookie]) {
      const answer = await fetch(stranger, { redirect: 'manual', headers: { cookie } })
      expect(answer.status).toBe(400)
      expect(await answer.text()).toMatch(/another session|took too long/)
    }
    expect((await gateway.execute('{ integrations { id } }', {}, bearer)).integrations).toEqual([])
  })

  it('is agreed to on our own page alone, and once (T27)', async () => {
    const link = await askToSignIn(gateway)
    const { origin, pathname, searchParams } = new URL(link)
    const send = (headers: Record<string, string>) =>
      fetch(origin + pathname, { method: 'POST', headers, body: searchParams })
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
    ]) {
      expect((await send(headers)).status).toBe(403)
    }
    const callback = await decide(await agree(link))
    expect((await send({ origin })).status).toBe(400)
    expect((await open(link)).text).toContain('This link was used, or is too old.')
    expect((await comeBack(callback)).status).toBe(303)
  })

  describe('with a key that ends meanwhile', () => {
    const MAKE = `mutation ($expiresAt: DateTime) {
      createApiKey(name: "Brief", scope: ADMIN, expiresAt: $expiresAt) { ... on CreateApiKeySuccess { key apiKey { id } } }
    }`
    const REVOKE = 'mutation ($id: ID!) { revokeApiKey(id: $id) { __typename } }'
    const closed = 'This link was used, or is too old.'

    it.each(['revoked', 'expired'])('opens nothing at either step once the key is %s (T27)', async (how) => {
      const bearer = await gateway.otherWorkspace(`Brief ${how}`)
      const expiresAt = how === 'expired' ? new Date(Date.now() + 600_000) : null
      const { key, apiKey } = (await gateway.execute(MAKE, { expiresAt }, bearer)).createApiKey
      const [read, agreed, decided] = [
        await askToSignIn(gateway, {}, key),
        await askToSignIn(gateway, {}, key),
        await decide(await agree(await askToSignIn(gateway, {}, key))),
      ]
      if (how === 'revoked') await gateway.execute(REVOKE, { id: apiKey.id }, bearer)
      else gateway.skip(601_000)

      expect(await open(read)).toMatchObject({ status: 400, text: expect.stringContaining(closed) })
      const { origin, pathname, searchParams } = new URL(agreed)
      const answer = await fetch(origin + pathname, { method: 'POST', headers: { origin }, body: searchParams })
      expect([answer.status, answer.headers.get('refresh')]).toEqual([400, null])
      expect(await comeBack(decided)).toMatchObject({ status: 400, text: expect.stringContaining(closed) })
      expect((await gateway.execute('{ integrations { id } }', {}, bearer)).integrations).toEqual([])
    })
  })

  it('ends after a quarter of an hour', async () => {
    const link = await askToSignIn(gateway)
    gateway.skip(15 * 60_000 + 1_000)
    expect((await open(link)).status).toBe(400)
  })
})
