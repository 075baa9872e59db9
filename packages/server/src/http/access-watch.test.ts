import { expect, test, vi } from 'vitest'
import { testViewer } from '../testing/http.ts'
import { createAccessWatch } from './access-watch.ts'

const of = (name: string) => ({
  viewer: testViewer('ADMIN'),
  credentials: { authorization: `Bearer ${name}`, cookie: null },
})

function createWatch(checkMs = 5) {
  const gone = new Set<string>()
  const lessened = new Set<string>()
  const asked: string[] = []
  let fails = false
  let look = () => {}
  const watch = createAccessWatch({
    checkMs,
    onAccessChanged(listener) {
      look = listener
    },
    authenticate: async ({ authorization }) => {
      const name = authorization?.replace('Bearer ', '') ?? ''
      asked.push(name)
      if (fails) throw new Error('The database is down')
      return gone.has(name) ? null : testViewer(lessened.has(name) ? 'AGENT' : 'ADMIN')
    },
  })
  return {
    ...watch,
    asked,
    accessChanged: () => look(),
    end: (name: string) => void gone.add(name),
    lessen: (name: string) => void lessened.add(name),
    fail(does: boolean) {
      fails = does
    },
  }
}

test('when it is told that access has changed it looks at once, and tells each stream once (T19)', async () => {
  const { watch, end, accessChanged } = createWatch(3_600_000)
  const told: string[] = []
  for (const name of ['a', 'b']) watch(of(name), () => told.push(name))
  end('b')
  accessChanged()
  accessChanged()
  await expect.poll(() => told).toEqual(['b'])
  end('a')
  accessChanged()
  await expect.poll(() => told).toEqual(['b', 'a'])
})

test('every stream of the caller whose right has ended is told once, and nobody else', async () => {
  const { watch, end } = createWatch()
  const told: string[] = []
  watch(of('a'), () => told.push('a1'))
  watch(of('a'), () => told.push('a2'))
  const stop = watch(of('b'), () => told.push('b'))
  end('a')
  await expect.poll(() => told).toEqual(['a1', 'a2'])
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(told).toEqual(['a1', 'a2'])
  stop()
})

test('a stream of rights that its caller does not have any more is ended, and one that is opened with what is left stays', async () => {
  const { watch, lessen } = createWatch()
  const [before, after] = [vi.fn(), vi.fn()]
  watch(of('a'), before)
  lessen('a')
  const stop = watch({ ...of('a'), viewer: testViewer('AGENT') }, after)
  await expect.poll(() => before).toHaveBeenCalledOnce()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(after).not.toHaveBeenCalled()
  stop()
})

test('one look asks once for a caller, and nobody is asked for when no stream is open', async () => {
  const { watch, asked } = createWatch()
  const stops = Array.from({ length: 50 }, () => watch(of('a'), () => {}))
  await expect.poll(() => asked.length).toBeGreaterThan(1)
  expect(asked.length).toBeLessThan(50)
  for (const stop of stops) stop()
  const before = asked.length
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(asked.length - before).toBeLessThan(2)
})

test('a look that fails ends nothing', async () => {
  const { watch, asked, fail, end } = createWatch()
  const onEnded = vi.fn()
  fail(true)
  end('a')
  watch(of('a'), onEnded)
  await expect.poll(() => asked.length).toBeGreaterThan(2)
  expect(onEnded).not.toHaveBeenCalled()
  fail(false)
  await expect.poll(() => onEnded).toHaveBeenCalledOnce()
})

test('T20: one token may have 200 open; what is closed makes room, and a key is not counted', () => {
  const { watch } = createWatch()
  const agent = { ...of('agent'), viewer: testViewer('AGENT') }
  const stops = Array.from({ length: 200 }, () => watch(agent, () => {}))
  expect(() => watch(agent, () => {})).toThrow('One token or session may have 200 subscriptions at a time.')
  const other = { ...agent, credentials: { authorization: 'Bearer other', cookie: null } }
  stops.push(watch(other, () => {}))
  stops[0]?.()
  stops.push(watch(agent, () => {}))
  for (let open = 0; open < 300; open++) stops.push(watch(of('key'), () => {}))
  for (const stop of stops) stop()
})
