/** Plans that an earlier release kept with its pushes. */
import { expect, test, vi } from 'vitest'
import type { BackendField } from '../integrations/settings.ts'
import { checked } from '../testing/integration.ts'
import { openPushWorld } from '../testing/push-world.ts'
import type { PushPlan } from './plan.ts'

const eventually = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 10 })

const phoneConstant: BackendField = {
  ...{ ...checked, id: 'phone', target: 'RECORD', entityTypeId: 'dynamics:contact', name: 'telephone1', position: 0 },
  ...{ variableType: 'CONSTANT', fieldType: 'TEXT', value: '+49 30 1', values: null, overwrite: true },
  ...{ label: null, lookup: null, lookupValue: null },
}

/** A delivered thread whose plan is kept as `change` makes it. */
async function openWorldOf(change: (plan: PushPlan) => object) {
  const world = await openPushWorld()
  world.startWorker()
  const id = await world.start('SMS')
  await world.say(id, 'a')
  await world.tag(id, ['DYNAMICS 1'])
  await eventually(async () => expect(await world.states()).toEqual(['DELIVERED']))
  const identity = (pushId: string) => `Push:${pushId}:plan`
  const push = await world.prisma.push.findFirstOrThrow()
  const kept = JSON.parse(world.secrets.open(identity(push.id), push.planSealed ?? ''))
  const planSealed = world.secrets.seal(identity(push.id), JSON.stringify(change(kept)))
  await world.prisma.push.update({ where: { id: push.id }, data: { planSealed } })
  const planAgain = (plan: object) => {
    const planSealed = world.secrets.seal(identity(push.id), JSON.stringify(plan))
    return world.prisma.push.update({ where: { id: push.id }, data: { planSealed } })
  }
  return { ...world, id, kept, planSealed, planAgain, planOf: () => world.pushes.planOf({ id: push.id, planSealed }) }
}

test('a thread that was planned before there were settings goes on in its activity', async () => {
  const world = await openWorldOf(({ filing, subject, parts, messages, startsAfter }) => ({
    ...{ activityType: filing.activityType, subject, parts, messages, startsAfter },
    ...{ warnings: [], why: [{ rule: 'D-SAV-03', text: 'Transcripts are saved as notes.' }] },
  }))
  expect(world.planOf()).toMatchObject({ subject: 'Alive SMS with Dana Fox, 2026-01-31', messages: 1 })
  // A thread keeps its activity (I-10).
  const dynamics = { allowNewCreation: false, allowActivityClosing: true, chatsSaveTo: 'TASK' as const }
  const backendFields = [phoneConstant]
  world.settings.DYNAMICS = { dynamics: { ...dynamics, activityTypeName: 'Task' }, backendFields }
  await world.say(world.id, 'b')
  await eventually(() => expect(world.held('DYNAMICS')).toEqual([['a', 'b']]))
  await eventually(async () => expect(await world.states()).toEqual(['DELIVERED']))
  expect(world.crms.DYNAMICS.activities.all()[0]?.closed).toBe(false)
  // It was tagged before there were backend fields.
  expect(world.crms.DYNAMICS.requests).not.toContain('updateRecord')
})

test('a plan of a shape that is not known is made anew', async () => {
  const world = await openWorldOf(() => ({ text: 'of nobody' }))
  expect(world.planOf()).toBeNull()
  await world.say(world.id, 'b')
  await eventually(() => expect(world.held('DYNAMICS')).toEqual([['a', 'b']]))
})

test('a plan of a later release is left to its workers, and nothing of it is lost', async () => {
  const world = await openWorldOf((plan) => ({ ...plan, version: 99, more: 'of a release to come' }))
  await world.say(world.id, 'b')
  await eventually(async () => expect(await world.states()).toEqual(['RETRYING INTERNAL']))
  const push = await world.prisma.push.findFirstOrThrow()
  expect(push).toMatchObject({ planSealed: world.planSealed, errorCode: 'INTERNAL' })
  expect(world.pushes.errorOf(push)).toContain('a worker of that release delivers it')
  expect(world.held('DYNAMICS')).toEqual([['a']])

  await world.planAgain(world.kept)
  world.skip(60_000)
  await eventually(() => expect(world.held('DYNAMICS')).toEqual([['a', 'b']]))
  await eventually(async () => expect(await world.states()).toEqual(['DELIVERED']))
})
