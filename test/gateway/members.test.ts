/** Who may sign in to a workspace, and who decides it. */
import { randomUUID } from 'node:crypto'
import { createClient } from 'graphql-sse'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bytesKept } from './kept-bytes.ts'
import { ask, type RunningGateway, startGateway } from './running-gateway.ts'
import { addMember, cookieOf, holderOf, INVITE, post, type SignedIn, signIn, tokenOf } from './signing-in.ts'

const account = { email: 'owner@example.com', password: 'correct horse battery' }
const DAY = 24 * 60 * 60_000

const MEMBERS = '{ members { id name email role } invites { id email role invitedBy } }'
const WITHDRAW = `mutation ($id: ID!) {
  it: withdrawInvite(id: $id) { __typename ... on WithdrawInviteSuccess { invite { email } } ... on Error { code } }
}`
const CHANGE_ROLE = `mutation ($id: ID!, $role: Role!) {
  it: changeMemberRole(userId: $id, role: $role) {
    __typename ... on MemberSuccess { user { email role } } ... on Error { code message }
  }
}`
const REMOVE = `mutation ($id: ID!) {
  it: removeMember(userId: $id) { __typename ... on MemberSuccess { user { email } } ... on Error { code message } }
}`
const ME = '{ viewer { user { id name email role } workspace { name } } }'

let gateway: RunningGateway
let owner: SignedIn
/** Every token that was handed out. */
const tokens: string[] = []

beforeAll(async () => {
  gateway = await startGateway({ people: 1 })
  await gateway.gateway.entrance.ensureFirstOwner(account)
  owner = await signIn(gateway, account)
})
afterAll(() => gateway.stop())

const person = (token: string) => ({ token, name: 'Ines Example', password: 'a long password' })

/** The token of a new invite. */
async function invited(email: string, role = 'ADMIN'): Promise<{ token: string; id: string }> {
  const { inviteMember } = await owner.execute(INVITE, { email, role })
  const token = tokenOf(inviteMember.url)
  tokens.push(token)
  return { token, id: inviteMember.invite.id }
}

const idOf = async (email: string): Promise<string> =>
  (await owner.execute(MEMBERS)).members.find((it: { email: string }) => it.email === email)?.id

/** What following a link comes to: what is shown, or why it opens nothing. */
async function follow(token: string) {
  return (await post(gateway, '/invite', { token })).json()
}

it('an owner invites by a link: whoever follows it sees to what, and is in as soon as they have joined', async () => {
  const { inviteMember } = await owner.execute(INVITE, { email: ' Ines@Example.com ', role: 'ADMIN' })
  expect(inviteMember).toMatchObject({ invite: { email: 'ines@example.com', role: 'ADMIN', invitedBy: 'owner' } })
  expect(inviteMember.url).toMatch(new RegExp(`^${gateway.url}/admin/join#[\\w-]{43}$`))
  const days = (Date.parse(inviteMember.expiresAt) - Date.now()) / DAY
  expect(days).toBeCloseTo(7, 1)
  expect((await owner.execute(MEMBERS)).invites).toMatchObject([{ email: 'ines@example.com' }])

  const token = tokenOf(inviteMember.url)
  tokens.push(token)
  expect(await follow(token)).toEqual({
    email: 'ines@example.com',
    role: 'ADMIN',
    workspaceName: 'My workspace',
    invitedBy: 'owner',
  })
  const joined = await post(gateway, '/join', person(token))
  expect(joined.status).toBe(200)
  expect(joined.headers.getSetCookie().join()).toMatch(/HttpOnly.*SameSite=Lax/i)
  const ines = holderOf(gateway, cookieOf(joined))
  expect((await ines.execute(ME)).viewer).toMatchObject({
    user: { name: 'Ines Example', email: 'ines@example.com', role: 'ADMIN' },
    workspace: { name: 'My workspace' },
  })
  const { members, invites } = await ines.execute(MEMBERS)
  expect(members).toMatchObject([{ role: 'OWNER' }, { email: 'ines@example.com', role: 'ADMIN' }])
  expect(invites).toEqual([])
  await signIn(gateway, { email: 'INES@example.com', password: 'a long password' })
})

it('only an owner in person invites, changes roles, removes and withdraws: no admin, and no key of an admin', async () => {
  const admin = await addMember(gateway, owner, 'only-admin@example.com', 'ADMIN')
  const { id } = await invited('waiting@example.com')
  const userId = await idOf(account.email)
  const before = await owner.execute(MEMBERS)
  const key = { execute: (query: string, variables?: Record<string, unknown>) => gateway.execute(query, variables) }
  for (const caller of [admin, key]) {
    for (const [mutation, variables] of [
      [INVITE, { email: 'friend@example.com', role: 'ADMIN' }],
      [CHANGE_ROLE, { id: userId, role: 'ADMIN' }],
      [REMOVE, { id: userId }],
      [WITHDRAW, { id }],
    ] as const) {
      const [answer] = Object.values(await caller.execute(mutation, variables))
      expect(answer).toMatchObject({ __typename: 'NotAllowedError', code: 'NOT_ALLOWED' })
    }
  }
  expect(await owner.execute(MEMBERS)).toEqual(before)
  await owner.execute(WITHDRAW, { id })
})

it('what is no address is refused at its input, and so is the address of a member', async () => {
  for (const email of ['', 'ines', 'a b@example.com', account.email, ' OWNER@example.com']) {
    const { inviteMember } = await owner.execute(INVITE, { email, role: 'ADMIN' })
    expect(inviteMember, email).toMatchObject({ code: 'VALIDATION', fields: [{ path: ['email'] }] })
  }
})

it('an invite is used once, also where two follow it at once', async () => {
  const { token } = await invited('once@example.com')
  const answers = await Promise.all([post(gateway, '/join', person(token)), post(gateway, '/join', person(token))])
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 404])
  expect(await follow(token)).toMatchObject({ code: 'INVITE_USED' })
  expect(await (await post(gateway, '/join', person(token))).json()).toMatchObject({ code: 'INVITE_USED' })
})

it('an invite that was withdrawn, replaced by a later one, or made up opens nothing', async () => {
  const first = await invited('twice@example.com')
  const second = await invited('twice@example.com', 'OWNER')
  expect(await follow(first.token)).toMatchObject({ code: 'INVITE_WITHDRAWN' })
  expect(await follow(second.token)).toMatchObject({ role: 'OWNER' })
  expect((await owner.execute(WITHDRAW, { id: second.id })).it).toEqual({
    __typename: 'WithdrawInviteSuccess',
    invite: { email: 'twice@example.com' },
  })
  expect((await owner.execute(WITHDRAW, { id: second.id })).it).toMatchObject({ code: 'NOT_FOUND' })
  for (const token of [first.token, second.token]) {
    expect(await (await post(gateway, '/join', person(token))).json()).toMatchObject({ code: 'INVITE_WITHDRAWN' })
  }
  expect(await (await post(gateway, '/join', person('x'.repeat(43)))).json()).toMatchObject({ code: 'INVITE_UNKNOWN' })
  expect((await owner.execute(MEMBERS)).members).not.toContainEqual(
    expect.objectContaining({ email: 'twice@example.com' }),
  )
})

it('who joins is told at each input what is wrong, and the invite stays', async () => {
  const { token } = await invited('careful@example.com')
  const refused = await post(gateway, '/join', { token, name: ' ', password: 'short' })
  expect(refused.status).toBe(400)
  expect(await refused.json()).toMatchObject({
    code: 'VALIDATION',
    fields: [{ path: ['name'] }, { path: ['password'] }],
  })
  expect((await post(gateway, '/join', person(token))).status).toBe(200)
})

it('another site cannot have a browser join, nor make the first owner', async () => {
  const { token } = await invited('foreign@example.com')
  const evil = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }
  expect((await post(gateway, '/join', person(token), evil)).status).toBe(403)
  expect((await post(gateway, '/first-run', { ...account, name: 'Evil' }, evil)).status).toBe(403)
  const asForm = { 'content-type': 'text/plain', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }
  expect((await post(gateway, '/join', person(token), asForm)).ok).toBe(false)
  expect(await follow(token)).toMatchObject({ email: 'foreign@example.com' })
})

it('the last owner is neither removed nor made an admin, also where two owners try it on each other', async () => {
  const id = await idOf(account.email)
  for (const [mutation, variables] of [
    [CHANGE_ROLE, { id, role: 'ADMIN' }],
    [REMOVE, { id }],
  ] as const) {
    const { it: answer } = await owner.execute(mutation, variables)
    expect(answer).toMatchObject({ __typename: 'ConflictError', code: 'CONFLICT' })
    expect(answer.message).toContain('Make somebody else an owner first')
  }
  const second = await addMember(gateway, owner, 'second-owner@example.com', 'OWNER')
  const secondId = await idOf('second-owner@example.com')
  const answers = await Promise.all([
    owner.execute(CHANGE_ROLE, { id, role: 'ADMIN' }),
    second.execute(CHANGE_ROLE, { id: secondId, role: 'ADMIN' }),
  ])
  expect(answers.map(({ it: answer }) => answer.__typename).sort()).toEqual(['ConflictError', 'MemberSuccess'])
  const owners = (await owner.execute(MEMBERS)).members.filter(({ role }: { role: string }) => role === 'OWNER')
  expect(owners).toHaveLength(1)
  // Put back as it was: the first is the owner, the second is not.
  if (owners[0].email !== account.email) await second.execute(CHANGE_ROLE, { id, role: 'OWNER' })
  await owner.execute(CHANGE_ROLE, { id: secondId, role: 'ADMIN' })
})

it('a role counts from the moment it is changed', async () => {
  const admin = await addMember(gateway, owner, 'rising@example.com', 'ADMIN')
  const id = await idOf('rising@example.com')
  expect((await owner.execute(CHANGE_ROLE, { id, role: 'OWNER' })).it).toMatchObject({ user: { role: 'OWNER' } })
  expect((await admin.execute(ME)).viewer.user.role).toBe('OWNER')
  expect((await admin.execute(INVITE, { email: 'x@example.com', role: 'ADMIN' })).inviteMember.url).toBeTruthy()
  await owner.execute(CHANGE_ROLE, { id, role: 'ADMIN' })
  expect((await admin.execute(REMOVE, { id })).it).toMatchObject({ code: 'NOT_ALLOWED' })
})

it('who is removed is out at once: sessions, what runs with them, tokens that they issued, and the sign-in', async () => {
  const email = 'leaving@example.com'
  const leaving = await addMember(gateway, owner, email, 'ADMIN')
  const other = await signIn(gateway, { email, password: 'a long password' })
  const { issueAgentToken } = await leaving.execute(
    'mutation { issueAgentToken(agentId: "a", agentName: "A") { ... on IssueAgentTokenSuccess { token } } }',
  )
  const client = createClient({ url: `${gateway.url}/graphql`, headers: { cookie: leaving.cookie }, retryAttempts: 0 })
  const ended = new Promise<string>((resolve) => {
    client.subscribe(
      { query: 'subscription { integrationEvents { __typename } }' },
      {
        next: ({ errors }) => errors && resolve(JSON.stringify(errors)),
        error: String,
        complete: () => resolve('over'),
      },
    )
  })
  const id = await idOf(email)
  await leaving.execute(ME)
  expect((await owner.execute(REMOVE, { id })).it).toEqual({ __typename: 'MemberSuccess', user: { email } })
  for (const { execute } of [leaving, other]) await expect(execute(ME)).rejects.toThrow('UNAUTHENTICATED')
  expect((await ask(gateway.url, issueAgentToken.token, '{ viewer { kind } }')).status).toBe(401)
  expect(await ended).toMatch(/UNAUTHENTICATED|over/)
  client.dispose()
  expect((await post(gateway, '/sign-in/email', { email, password: 'a long password' })).status).toBe(401)
  expect((await owner.execute(REMOVE, { id })).it).toMatchObject({ code: 'NOT_FOUND' })
  // And may be invited again.
  await addMember(gateway, owner, email, 'ADMIN')
})

it('another workspace sees no member and no invite, and changes none', async () => {
  const elsewhere = await gateway.database.workspace.create({ data: { id: randomUUID(), name: 'Elsewhere' } })
  const neighbour = { email: 'neighbour@example.com', password: 'a long password' }
  const made = await addMember(gateway, owner, neighbour.email, 'OWNER')
  const { id: userId } = (await made.execute(ME)).viewer.user
  await gateway.database.member.updateMany({
    where: { user: { email: neighbour.email } },
    data: { workspaceId: elsewhere.id },
  })
  const stranger = await signIn(gateway, neighbour)
  const { token, id: inviteId } = await invited('ours@example.com')
  const ownerId = await idOf(account.email)

  expect(await stranger.execute(MEMBERS)).toMatchObject({ members: [{ email: neighbour.email }], invites: [] })
  const { nodes } = await stranger.execute('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
    ids: [ownerId, inviteId, userId],
  })
  expect(nodes).toEqual([null, null, { id: userId }])
  for (const [mutation, variables] of [
    [CHANGE_ROLE, { id: ownerId, role: 'ADMIN' }],
    [REMOVE, { id: ownerId }],
    [WITHDRAW, { id: inviteId }],
  ] as const) {
    expect((await stranger.execute(mutation, variables)).it).toMatchObject({ code: 'NOT_FOUND' })
  }
  expect(await follow(token)).toMatchObject({ workspaceName: 'My workspace' })

  // Whether an address has an account elsewhere is told to whoever holds the link, and not to who invites.
  const { token: theirs } = await invited(neighbour.email)
  const refused = await post(gateway, '/join', person(theirs))
  expect(refused.status).toBe(409)
  expect(await refused.json()).toMatchObject({ code: 'CONFLICT' })
})

it('the first owner is made once: afterwards nobody is asked for one', async () => {
  expect(await (await fetch(`${gateway.url}/auth/first-run`)).json()).toEqual({ needed: false, allowed: true })
  expect((await post(gateway, '/first-run', { ...account, name: 'Another' })).status).toBe(409)
})

it('no token of an invite and no password stands in the log or in the database', async () => {
  expect(tokens.length).toBeGreaterThan(5)
  const kept = await bytesKept(gateway)
  expect(kept.includes('ines@example.com')).toBe(true)
  for (const secret of [...tokens, 'a long password', account.password]) {
    expect(gateway.lines.join('')).not.toContain(secret)
    expect(kept.includes(secret)).toBe(false)
  }
})

it('an invite ends after seven days', async () => {
  const { token } = await invited('late@example.com')
  gateway.skip(7 * DAY)
  expect(await follow(token)).toMatchObject({ code: 'INVITE_EXPIRED' })
  expect(await (await post(gateway, '/join', person(token))).json()).toMatchObject({ code: 'INVITE_EXPIRED' })
  expect(await gateway.database.user.count({ where: { email: 'late@example.com' } })).toBe(0)
})
