import { expect, test } from 'vitest'
import { createAuditStore } from '../audit/store.ts'
import { openTestDatabase } from '../testing/database.ts'
import { quickPasswords } from '../testing/quick-passwords.ts'
import { createWorkspaceStore } from '../workspaces/store.ts'
import { createOperator } from './operator.ts'
import { operatorSentence, runOperatorCommand } from './operator-command.ts'
import { createMemberStore } from './store.ts'

async function setUp() {
  const { prisma } = await openTestDatabase()
  const operator = createOperator({
    members: createMemberStore(prisma),
    workspaces: createWorkspaceStore(prisma),
    audit: createAuditStore(prisma),
    passwords: quickPasswords,
  })
  /** What is said to a command line, and whether it failed. */
  const run = async (args: string[], input = ''): Promise<{ said: string; failed: boolean }> => {
    try {
      const opened = async () => ({ operator, close: async () => {} })
      const said: string[] = []
      for await (const part of runOperatorCommand(args, opened, async () => input)) said.push(part)
      return { said: said.join('\n'), failed: false }
    } catch (error) {
      return { said: operatorSentence(error) ?? `not told: ${error}`, failed: true }
    }
  }
  const members = async () =>
    (await prisma.member.findMany({ include: { user: { include: { accounts: true } }, workspace: true } })).map(
      (it) => ({
        email: it.user.email,
        role: it.role,
        workspace: it.workspace.name,
        hash: it.user.accounts[0]?.password ?? '',
      }),
    )
  return { prisma, run, members }
}

test('an owner is made in the only workspace there is, with a password that is shown and kept as a hash', async () => {
  const { run, members } = await setUp()
  const { said } = await run(['owner', ' Ines@Example.com '])
  expect(said).toMatch(/^ines@example\.com is an owner of "Test"\.\nPassword \(shown this once\): \S{20}$/)
  const [member] = await members()
  expect(member).toMatchObject({ email: 'ines@example.com', role: 'OWNER', workspace: 'Test' })
  expect(member?.hash).not.toContain(said.slice(-20))
})

test('where there is no workspace, the first is made with its owner', async () => {
  const { prisma, run, members } = await setUp()
  await prisma.workspace.deleteMany()
  expect((await run(['owner', 'ines@example.com', '--workspace', 'Shop'])).said).toBe(
    'There is no workspace yet. Leave --workspace out, and the first one is made.',
  )
  expect((await run(['owner', 'ines@example.com'])).failed).toBe(false)
  expect(await members()).toMatchObject([{ email: 'ines@example.com', workspace: 'My workspace' }])
})

test('a workspace is made, and its owner by its name or its id', async () => {
  const { prisma, run, members } = await setUp()
  const { said } = await run(['workspace', ' Shop "North" '])
  const made = await prisma.workspace.findFirstOrThrow({ where: { name: 'Shop "North"' } })
  expect(said).toContain(`The workspace "Shop "North"" is made. Its id is ${made.id}`)
  await run(['owner', 'a@example.com', '--workspace', made.id])
  await run(['owner', 'b@example.com', '--workspace', made.name])
  expect(await members()).toMatchObject([{ workspace: made.name }, { workspace: made.name }])
})

test('a password that is given is taken and not repeated, and ends the sessions of the one user', async () => {
  const { prisma, run, members } = await setUp()
  await run(['owner', 'ines@example.com'])
  await run(['owner', 'other@example.com'])
  const before = await members()
  for (const { id } of await prisma.user.findMany()) {
    await prisma.session.create({ data: { id: `s-${id}`, userId: id, token: id, expiresAt: new Date(8e12) } })
  }
  const { said } = await run(['password', 'ines@example.com', '--stdin'], 'chosen by hand\n')
  expect(said).toBe('ines@example.com of "Test" has a new password, and no session any more.')
  const after = await members()
  expect(after.map(({ hash }, index) => hash === before[index]?.hash)).toEqual([false, true])
  expect(await prisma.session.count({ where: { user: { email: 'ines@example.com' } } })).toBe(0)
  expect(await prisma.session.count()).toBe(1)
  expect(await prisma.event.count({ where: { kind: 'ACCESS_CHANGED' } })).toBe(1)
})

test.each([
  [['password', 'nobody@example.com'], '', 'Nobody signs in as nobody@example.com.'],
  [['owner', 'new@example.com'], '', 'Say by --workspace and its id which one is meant'],
  [['owner', 'known@example.com', '--workspace', 'Test'], '', 'known@example.com has an account already.'],
  [['owner', 'new@example.com', '--workspace', 'Nowhere'], '', 'There is no workspace "Nowhere".'],
  [['owner', 'no address'], '', 'Give an e-mail address'],
  [['password', 'known@example.com', '--stdin'], 'short\n', 'Choose a password of 8 to 128 characters.'],
  [['workspace', ' '], '', 'Give a name of 1 to 100 characters.'],
  [['workspace'], '', '"workspace" takes one name'],
  [['owner', 'a@example.com', 'b@example.com'], '', '"owner" takes one address'],
  [['password', 'known@example.com', '--workspace', 'Test'], '', '--workspace belongs to "owner"'],
  [['workspace', 'x', '--stdin'], '', 'A workspace has no password'],
  [['remove', 'x'], '', 'There is no command "remove".'],
  [['owner', 'x@example.com', '--force'], '', 'Unknown option'],
  [[], '', 'Name a command.'],
])('%j is refused, and nothing has changed', async (args, input, sentence) => {
  const { prisma, run } = await setUp()
  await run(['owner', 'known@example.com'])
  await run(['workspace', 'Another'])
  const state = async () => [
    await prisma.user.findMany(),
    await prisma.authAccount.findMany(),
    await prisma.workspace.count(),
  ]
  const before = await state()
  const { said, failed } = await run(args, input)
  expect(said).toContain(sentence)
  expect(failed).toBe(true)
  expect(await state()).toEqual(before)
})

test('--help lists the commands', async () => {
  const { run } = await setUp()
  const { said, failed } = await run(['--help'])
  expect(failed).toBe(false)
  for (const command of ['workspace <name>', 'owner <email>', 'password <email>', '--stdin'])
    expect(said).toContain(command)
})

test('a second factor is turned off for one user, and whoever has none is told', async () => {
  const { prisma, run } = await setUp()
  await run(['owner', 'ines@example.com'])
  const { id: userId } = await prisma.user.update({
    where: { email: 'ines@example.com' },
    data: { twoFactorEnabled: true },
  })
  await prisma.twoFactor.create({ data: { id: 'factor', userId, secret: 'x', backupCodes: 'x' } })
  expect((await run(['second-factor', 'off', 'Ines@example.com'])).said).toContain(
    'signs in with the password alone now',
  )
  expect(await prisma.twoFactor.count()).toBe(0)
  expect((await run(['second-factor', 'off', 'ines@example.com'])).said).toBe('ines@example.com had no second factor.')
  expect(await run(['second-factor', 'off', 'nobody@example.com'])).toMatchObject({ failed: true })
  expect((await run(['second-factor', 'on', 'ines@example.com'])).said).toContain('can only be turned off here')
})
