import { describe, expect, it } from 'vitest'
import { startDeadline } from './deadline.ts'
import { shareWork, waitWithin } from './shared-work.ts'

function controlled() {
  const runs: { args: unknown[]; resolve: (value: string) => void; reject: (error: Error) => void }[] = []
  const work = (...args: string[]) =>
    new Promise<string>((resolve, reject) => {
      runs.push({ args, resolve, reject })
    })
  return { runs, work: shareWork(work) }
}

describe('shared work', () => {
  it('is one run for all who ask for the same, and another one for the next', async () => {
    const { runs, work } = controlled()
    const waiting = [work('a'), work('a'), work('b')]
    expect(runs.map(({ args }) => args)).toEqual([['a'], ['b']])
    runs[0]?.resolve('A')
    runs[1]?.resolve('B')
    expect(await Promise.all(waiting)).toEqual(['A', 'A', 'B'])
    void work('a')
    expect(runs).toHaveLength(3)
  })

  it('fails for all who joined, and is tried anew by the next', async () => {
    const { runs, work } = controlled()
    const waiting = Promise.allSettled([work('a'), work('a')])
    runs[0]?.reject(new Error('no'))
    expect((await waiting).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    const next = work('a')
    runs[1]?.resolve('A')
    expect(await next).toBe('A')
  })

  it('is not shared by those whose questions differ in what is joined only', async () => {
    const { runs, work } = controlled()
    const waiting = [work('a', 'b'), work('a,b')]
    for (const { resolve } of runs) resolve('')
    await Promise.all(waiting)
    expect(runs).toHaveLength(2)
  })
})

describe('waiting for shared work', () => {
  it('ends with the own deadline: who came first and has less time takes nothing from who has more', async () => {
    const { runs, work } = controlled()
    const first = waitWithin(work('a'), startDeadline({ timeoutMs: 10 }))
    const second = waitWithin(work('a'), startDeadline())
    await expect(first).rejects.toMatchObject({ name: 'ProviderError', code: 'CRM_TIMEOUT' })
    runs[0]?.resolve('A')
    expect(await second).toBe('A')
    expect(runs).toHaveLength(1)
  })

  it('ends when the caller leaves, before or meanwhile, and the work goes on for the others', async () => {
    const { runs, work } = controlled()
    const leaving = new AbortController()
    const left = waitWithin(work('a'), startDeadline({ signal: leaving.signal }))
    leaving.abort()
    await expect(left).rejects.toMatchObject({ code: 'CRM_TIMEOUT' })
    await expect(waitWithin(work('a'), startDeadline({ signal: leaving.signal }))).rejects.toMatchObject({
      code: 'CRM_TIMEOUT',
    })
    const stayed = waitWithin(work('a'), startDeadline())
    runs[0]?.resolve('A')
    expect(await stayed).toBe('A')
    expect(runs).toHaveLength(1)
  })

  it('whose caller has left already disturbs nobody when the work fails', async () => {
    const { runs, work } = controlled()
    await expect(waitWithin(work('a'), startDeadline({ timeoutMs: 1 }))).rejects.toMatchObject({ code: 'CRM_TIMEOUT' })
    runs[0]?.reject(new Error('nobody waits for this'))
    await new Promise((resolve) => setImmediate(resolve))
  })
})
