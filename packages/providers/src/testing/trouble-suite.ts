import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { ActivityDraft } from '../model/index.ts'
import type { CallOptions, CrmProvider } from '../provider.ts'
import type { OrgNetwork } from './org.ts'
import { codeOf, errorOf, freshEmail, nothingElse } from './session.ts'
import type { Suite } from './suite.ts'
import { createMemoryTokenStore } from './token-store.ts'

/** What happens when the network or the CRM does not do what it should. */
export function troubleSuite({ check, session }: Suite, network: OrgNetwork): void {
  const { trouble } = network

  /** Runs with a provider of its own, whose pauses and caches end with it, and heals the org afterwards. */
  const troubled = (title: string, work: (provider: CrmProvider) => Promise<void>) =>
    check(`trouble: ${title}`, async () => {
      const provider = session().another()
      // What is cached before is not what is tested.
      await search(provider)
      try {
        await work(provider)
      } finally {
        await trouble.heal()
      }
    })

  function search(provider: CrmProvider, options?: CallOptions, email = freshEmail()) {
    return provider.searchRecords(
      {
        by: [{ identifier: 'EMAIL', value: email }],
        targets: [{ entityName: session().entityName('CONTACT'), kind: 'CONTACT', selection: nothingElse }],
        first: 5,
        region: 'US',
      },
      options,
    )
  }

  async function draft(): Promise<ActivityDraft> {
    const regarding = await session().create('CONTACT', {})
    return { key: randomUUID(), activityType: { type: 'TASK' }, regarding, subject: 'Chat', body: 'Ada: hello' }
  }

  troubled('a CRM that hangs is a CRM_TIMEOUT within the budget', async (provider) => {
    await trouble.fail('HANG')
    const startedAt = performance.now()
    const error = await errorOf(search(provider, { timeoutMs: 300 }))
    expect(error).toMatchObject({ code: 'CRM_TIMEOUT', outcome: 'NOT_APPLIED' })
    expect(performance.now() - startedAt).toBeLessThan(1_500)
  })

  troubled('a write whose answer does not come is of unknown outcome', async (provider) => {
    const filing = await draft()
    await provider.fileActivity(await draft())
    await trouble.failFiling('HANG', 5)
    expect(await errorOf(provider.fileActivity(filing, { timeoutMs: 300 }))).toMatchObject({
      code: 'CRM_TIMEOUT',
      outcome: 'UNKNOWN',
    })
  })

  troubled('a read whose connection breaks is asked once more', async (provider) => {
    await trouble.fail('DROP_BEFORE')
    const { result, requests } = await session().count(() => search(provider))
    expect(result.matchedBy).toBeNull()
    expect(requests).toBe(2)
    await trouble.fail('DROP_BEFORE', 9)
    const again = await session().count(() => errorOf(search(provider)))
    expect(again.result.code).toBe('CRM_UNAVAILABLE')
    expect(again.requests).toBe(2)
  })

  for (const fault of ['DROP_BEFORE', 'DROP_AFTER'] as const) {
    troubled(`an activity whose filing met ${fault} is one after another try`, async (provider) => {
      const filing = await draft()
      await provider.fileActivity(await draft())
      await trouble.failFiling(fault)
      const error = await errorOf(provider.fileActivity(filing))
      expect(error.outcome).toBe('UNKNOWN')
      await trouble.heal()
      const { activity, created } = await provider.fileActivity(filing)
      expect(created).toBe(fault === 'DROP_BEFORE')
      expect(await provider.findActivityByKey(filing.activityType, filing.key)).toEqual(activity)
    })

    troubled(`a record whose creation met ${fault} is one after another try`, async (provider) => {
      const kind = 'CONTACT'
      const email = freshEmail()
      const request = {
        entityName: session().entityName(kind),
        kind,
        values: [
          { name: session().fieldName(kind, 'lastName'), type: 'TEXT', value: 'Lost', values: null, reference: null },
          { name: session().fieldName(kind, 'email'), type: 'EMAIL', value: email, values: null, reference: null },
        ],
        key: randomUUID(),
        allowDuplicate: false,
      } as const
      await provider.createRecord({ ...request, values: [request.values[0]], key: randomUUID(), allowDuplicate: true })
      await trouble.fail(fault)
      const error = await errorOf(provider.createRecord(request))
      expect(error.outcome).toBe('UNKNOWN')
      await trouble.heal()
      const { remoteId } = await provider.createRecord(request)
      const found = await search(provider, {}, email)
      expect(found.targets[0]?.matches.map(({ record }) => record.remoteId)).toEqual([remoteId])
    })
  }

  troubled('a throttled call says for how long, and none is sent before that', async (provider) => {
    await trouble.throttle(30)
    const error = await errorOf(search(provider))
    expect(['CRM_RATE_LIMITED', 'CRM_QUOTA_EXHAUSTED']).toContain(error.code)
    expect(error.outcome).toBe('NOT_APPLIED')
    const next = await session().count(() => errorOf(search(provider, { timeoutMs: 1_000 })))
    expect(next.result.code).toBe(error.code)
    expect(next.result.retryAfter).toBeGreaterThan(0)
    expect(next.requests).toBe(0)
    expect(provider.limits().throttledUntil).toBeGreaterThan(Date.now())
  })

  troubled('a page of a proxy in the CRM’s place is CRM_UNAVAILABLE', async (provider) => {
    await trouble.fail('HTML', 9)
    const error = await errorOf(search(provider))
    expect(error.code).toBe('CRM_UNAVAILABLE')
    expect(error.message).not.toMatch(/</)
  })

  troubled('a CRM that keeps failing is left alone, except by who insists', async (provider) => {
    await trouble.fail('SERVER_ERROR', 100)
    for (let i = 0; i < 6; i += 1) expect(await codeOf(search(provider))).toBe('CRM_UNAVAILABLE')
    const paused = await session().count(() => codeOf(search(provider)))
    expect(paused).toMatchObject({ result: 'CRM_UNAVAILABLE', requests: 0 })
    await trouble.heal()
    await provider.checkCredentials({ force: true })
    expect((await search(provider)).matchedBy).toBeNull()
  })

  troubled('a caller that leaves ends the call to the CRM', async (provider) => {
    await trouble.fail('HANG')
    const leaving = new AbortController()
    const { result, calls } = await session().count(async () => {
      const left = errorOf(search(provider, { signal: leaving.signal }))
      setTimeout(() => leaving.abort(), 50)
      return left
    })
    expect(result.code).toBe('CRM_TIMEOUT')
    expect(calls.map(({ aborted }) => aborted)).toEqual([true])
    await trouble.heal()
    expect((await search(provider)).matchedBy).toBeNull()
  })

  troubled(
    'identical searches at once are one request, and one caller who leaves disturbs nobody',
    async (provider) => {
      const email = freshEmail()
      const leaving = new AbortController()
      const { result, requests } = await session().count(() => {
        const left = codeOf(search(provider, { signal: leaving.signal }, email))
        const stayed = Array.from({ length: 8 }, () => search(provider, {}, email))
        leaving.abort()
        return Promise.all([left, ...stayed])
      })
      expect(result[0]).toBe('CRM_TIMEOUT')
      expect(result.slice(1)).toEqual(Array.from({ length: 8 }, () => expect.objectContaining({ matchedBy: null })))
      expect(requests).toBe(1)
    },
  )

  troubled('64 calls at once renew an expired token once', async (provider) => {
    await trouble.expireTokens()
    const { result, signIns } = await session().count(() =>
      Promise.all(Array.from({ length: 64 }, () => search(provider))),
    )
    expect(result).toHaveLength(64)
    expect(signIns).toBe(1)
  })

  troubled('two processes renew an expired token once between them', async (provider) => {
    const other = session().another()
    await search(other)
    await trouble.expireTokens()
    const { signIns } = await session().count(() =>
      Promise.all([provider, other].flatMap((each) => Array.from({ length: 8 }, () => search(each)))),
    )
    expect(signIns).toBe(1)
  })

  troubled('a token that is refused again after renewal is CRM_UNAUTHENTICATED, without a loop', async (provider) => {
    await trouble.refuseAllTokens()
    const { result, requests, signIns } = await session().count(() => errorOf(search(provider)))
    expect(result).toMatchObject({ code: 'CRM_UNAUTHENTICATED', outcome: 'NOT_APPLIED' })
    expect(signIns).toBe(1)
    expect(requests).toBe(2)
  })

  check('trouble: wrong credentials are told as such, without the secret', async () => {
    const provider = network.createWithWrongCredentials(session().ports(createMemoryTokenStore()))
    const error = await errorOf(provider.checkCredentials())
    expect(['CRM_CREDENTIALS_INVALID', 'CRM_UNAUTHENTICATED']).toContain(error.code)
    await provider.close()
  })

  check('trouble: credentials that were refused are not tried again by every call', async () => {
    const provider = network.createWithWrongCredentials(session().ports(createMemoryTokenStore()))
    const { result, requests, signIns } = await session().count(async () => {
      const codes = new Set<string>()
      for (let i = 0; i < 4; i += 1) codes.add(await codeOf(search(provider)))
      return codes
    })
    expect(result.size).toBe(1)
    expect(signIns).toBe(1)
    expect(requests).toBeLessThanOrEqual(1)
    await provider.close()
  })
}
