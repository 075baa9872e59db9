/** A CRM that answers anything at all: what comes of it is a typed error or plain data, and the process stays as it was. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ProviderError, providerErrorCodes } from './errors.ts'
import type { CrmProvider } from './provider.ts'
import { heavyAnswers, hostileAnswers, mark } from './testing/hostile-answers.ts'
import { openScriptedDynamics } from './testing/scripted-dynamics.ts'
import { openScriptedSalesforce } from './testing/scripted-salesforce.ts'
import { type ScriptedAnswer, type ScriptedServer, startScriptedServer } from './testing/scripted-server.ts'

const names = {
  DYNAMICS: { contact: 'contact', last: 'lastname' },
  SALESFORCE: { contact: 'Contact', last: 'LastName' },
}

/** Everything that a provider does with a CRM, each on its own. */
function everything(provider: CrmProvider, { contact, last }: { contact: string; last: string }, timeoutMs: number) {
  const budget = { timeoutMs }
  const reference = { entityName: contact, remoteId: remoteIdOf(provider) }
  const selection = { attributes: ['email'] as const, fields: [] }
  const targets = [{ entityName: contact, kind: 'CONTACT', selection }] as const
  const by = [{ identifier: 'EMAIL', value: 'ada@people.example' }] as const
  const value = { name: last, type: 'TEXT', value: 'Ada', values: null, reference: null } as const
  const key = crypto.randomUUID()
  return {
    search: () => provider.searchRecords({ by, targets, first: 5, region: 'US' }, budget),
    check: () => provider.checkCredentials(budget),
    list: () => provider.listEntityTypes(budget),
    describe: () => provider.describeEntityType(contact, { ...budget, fresh: true }),
    find: () => provider.findRecords(contact, [reference.remoteId], selection, budget),
    create: () =>
      provider.createRecord(
        { entityName: contact, kind: 'CONTACT', values: [value], key, allowDuplicate: false },
        budget,
      ),
    update: () => provider.updateRecord(reference, { values: [value] }, budget),
    file: () =>
      provider.fileActivity(
        { key, activityType: { type: 'TASK' }, regarding: reference, subject: 'Chat', body: 'Ada: hello' },
        budget,
      ),
    succeed: () => provider.findSuccessor(reference, budget),
  }
}

const remoteIdOf = ({ key }: CrmProvider) =>
  key === 'DYNAMICS' ? '00000000-0000-4000-8000-000000000000' : '003000000009999AAA'

/** What came of it; throws for anything that nobody who calls a provider knows how to handle. */
async function outcomeOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    const { code, message, advice = '', providerCode = '', retryAfter = 0, fields } = error
    expect(providerErrorCodes).toContain(code)
    for (const text of [message, advice, providerCode, ...fields.flatMap((field) => [field.name, field.message])]) {
      expect(text).toBeTypeOf('string')
      expect(text).not.toContain(mark)
    }
    expect(retryAfter).toBeGreaterThanOrEqual(0)
    expect(retryAfter).toBeLessThanOrEqual(3_600)
    return error
  }
}

let canary: ScriptedServer
beforeAll(async () => {
  canary = await startScriptedServer(() => ({ json: {} }))
})
beforeEach(() => {
  canary.requests.length = 0
})
afterAll(() => canary.close())

/** A CRM whose data, or metadata besides, is answered like this. */
async function open(key: keyof typeof names, answer: ScriptedAnswer, metadataToo: boolean): Promise<CrmProvider> {
  if (key === 'DYNAMICS') {
    return (await openScriptedDynamics(() => answer, metadataToo ? () => answer : undefined)).provider
  }
  const honest = (path: string) => !metadataToo && /\/describe$/.test(path)
  const org = await openScriptedSalesforce(({ path }) => (honest(path) ? undefined : answer))
  return { ...org.provider, close: org.close }
}

const elsewhere = 'http://elsewhere.example:1'

describe.each(['DYNAMICS', 'SALESFORCE'] as const)('%s that answers', (key) => {
  it.each(hostileAnswers(elsewhere).map(([name]) => name))('%s (T24)', async (name) => {
    const answer = new Map(hostileAnswers(canary.url)).get(name)
    if (answer === undefined) throw new Error(`There is no answer of this name: ${name}`)
    for (const metadataToo of [false, true]) {
      const provider = await open(key, answer, metadataToo)
      await Promise.all(Object.values(everything(provider, names[key], 250)).map(outcomeOf))
      await provider.close()
    }
    expect(canary.requests, 'somebody went elsewhere').toEqual([])
  })

  it('more than fits is not kept: memory is back to where it was (T24)', async () => {
    const held = measureMemory()
    for (const [, answer] of heavyAnswers) {
      const provider = await open(key, answer, false)
      const { search } = everything(provider, names[key], 20_000)
      expect(await outcomeOf(() => search())).toBeInstanceOf(ProviderError)
      await provider.close()
    }
    // What was under way when it was cut is let go a little later.
    await expect.poll(() => measureMemory() - held).toBeLessThan(16 * 1024 * 1024)
  })
})

/** Bytes in use after everything that is unused was let go. */
function measureMemory(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
