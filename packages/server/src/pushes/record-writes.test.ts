import { ProviderError } from '@backchannel/providers'
import { expect, test, vi } from 'vitest'
import { type BackendField, defaultDynamicsOptions } from '../integrations/settings.ts'
import { checked } from '../testing/integration.ts'
import { admin, openPushWorld } from '../testing/push-world.ts'

type World = Awaited<ReturnType<typeof openPushWorld>>

const constant = (name: string, value: string, overwrite: boolean): BackendField => ({
  ...checked,
  id: name,
  target: 'RECORD',
  entityTypeId: 'dynamics:contact',
  name,
  variableType: 'CONSTANT',
  fieldType: 'TEXT',
  value,
  values: null,
  lookupValue: null,
  label: null,
  lookup: null,
  overwrite,
  position: 0,
})

/** Dynamics closes tasks, replaces a phone number and fills in an e-mail address. */
async function openWorld(): Promise<World> {
  const world = await openPushWorld()
  world.settings.DYNAMICS = {
    dynamics: { ...defaultDynamicsOptions, chatsSaveTo: 'TASK', activityTypeName: 'Task', allowActivityClosing: true },
    backendFields: [constant('telephone1', '+49 30 1', true), constant('emailaddress1', 'new@people.example', false)],
  }
  return world
}

const contactOf = ({ crms }: World) => {
  const row = crms.DYNAMICS.rows.get('dynamics-contact-1')
  if (!row) throw new Error('The contact is gone')
  return row
}

const countOf = ({ crms }: World, operation: string) =>
  crms.DYNAMICS.requests.filter((request) => request === operation).length

/** Until every push has come to rest; what waits for its next try need not wait in a test. */
async function rest(world: World): Promise<string[]> {
  return vi.waitFor(
    async () => {
      const states = await world.states()
      if (states.some((state) => state.startsWith('RETRYING'))) world.skip(60_000)
      for (const state of states) expect(state).toMatch(/^(DELIVERED|PARTIAL|FAILED)/)
      return states
    },
    { timeout: 20_000, interval: 10 },
  )
}

async function tagChat(world: World): Promise<string> {
  const id = await world.start('CHAT')
  await world.say(id, 'a')
  await world.conversations.end(admin, id)
  await world.tag(id, ['DYNAMICS 1'])
  return id
}

/** Breaks once, at the chosen operation: before it took effect, or after it did and before anybody learnt of it. */
function breakOperation(world: World, index: number, moment: 'before' | 'after'): { broke(): boolean } {
  const { provider } = world.crms.DYNAMICS
  let count = 0
  const lost = () => new ProviderError('CRM_UNAVAILABLE', { message: 'Lost.', outcome: 'UNKNOWN' })
  const breaking =
    <A extends unknown[], R>(operation: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      const breaks = count++ === index
      if (breaks && moment === 'before') throw lost()
      const result = await operation(...args)
      if (breaks) throw lost()
      return result
    }
  provider.fileActivity = breaking(provider.fileActivity)
  provider.findActivity = breaking(provider.findActivity)
  provider.updateActivity = breaking(provider.updateActivity)
  provider.findRecords = breaking(provider.findRecords)
  provider.updateRecord = breaking(provider.updateRecord)
  return { broke: () => count > index }
}

test.each(['before', 'after'] as const)(
  'F6: text, closing and fields end the same when any one operation breaks %s it took effect',
  async (moment) => {
    for (let index = 0; ; index++) {
      const world = await openWorld()
      const { broke } = breakOperation(world, index, moment)
      world.startWorker()
      await tagChat(world)
      expect(await rest(world)).toEqual(['DELIVERED'])
      expect(world.crms.DYNAMICS.activities.all()).toMatchObject([{ closed: true }])
      expect(world.held('DYNAMICS')).toEqual([['a']])
      expect(contactOf(world).values).toEqual({ telephone1: '+49 30 1', emailaddress1: 'new@people.example' })
      if (!broke()) {
        expect(index).toBeGreaterThan(3)
        break
      }
    }
  },
  30_000,
)

test('a record that the CRM refuses to change leaves the transcript there: partial, with its words, and not tried again', async () => {
  const world = await openWorld()
  world.settings.DYNAMICS = { ...world.settings.DYNAMICS, dynamics: defaultDynamicsOptions }
  world.hindrances.DYNAMICS = (operation) => {
    if (operation === 'updateRecord') throw new ProviderError('CRM_REJECTED', { message: 'A plug-in says no.' })
  }
  world.startWorker()
  const id = await world.start('SMS')
  await world.say(id, 'a')
  await world.tag(id, ['DYNAMICS 1'])
  expect(await rest(world)).toEqual(['PARTIAL CRM_REJECTED'])
  expect(world.held('DYNAMICS')).toEqual([['a']])
  await world.say(id, 'b')
  await expect.poll(() => world.held('DYNAMICS')).toEqual([['a', 'b']])
  expect(await rest(world)).toEqual(['PARTIAL CRM_REJECTED'])
  expect(countOf(world, 'updateRecord')).toBe(1)

  delete world.hindrances.DYNAMICS
  await world.tag(id, ['DYNAMICS 1'])
  await expect.poll(() => world.states()).toEqual(['DELIVERED'])
  expect(contactOf(world).values['telephone1']).toBe('+49 30 1')
})

test.each([false, true])(
  'a value that the CRM refuses costs no other one (metadata doubtful: %s)',
  async (metadataDoubtful) => {
    const world = await openWorld()
    const { provider } = world.crms.DYNAMICS
    const { updateRecord } = provider
    provider.updateRecord = async (reference, update, options) => {
      if (!update.values.some(({ name }) => name === 'emailaddress1')) return updateRecord(reference, update, options)
      const fields = [{ name: 'emailaddress1', message: 'It cannot be changed.' }]
      throw new ProviderError('CRM_REJECTED', { message: 'Some values do not fit.', fields, metadataDoubtful })
    }
    world.startWorker()
    await tagChat(world)
    expect(await rest(world)).toEqual(['PARTIAL CRM_REJECTED'])
    expect(contactOf(world).values).toEqual({ telephone1: '+49 30 1' })
  },
)

test('ruling 6: an activity that a restored database does not know of has its fields not written again', async () => {
  const world = await openWorld()
  world.startWorker()
  const id = await tagChat(world)
  await rest(world)
  await world.prisma.tag.deleteMany()
  await world.tag(id, ['DYNAMICS 1'])
  await rest(world)
  expect(world.crms.DYNAMICS.activities.all()).toHaveLength(1)
  expect(countOf(world, 'updateRecord')).toBe(1)
})

test('A-37: a value that somebody writes between our reading and writing is kept', async () => {
  const world = await openWorld()
  const { provider } = world.crms.DYNAMICS
  const { updateRecord } = provider
  provider.updateRecord = async (...args) => {
    provider.updateRecord = updateRecord
    const row = contactOf(world)
    row.values['emailaddress1'] = 'theirs@people.example'
    row.version += 1
    return updateRecord(...args)
  }
  world.startWorker()
  await tagChat(world)
  expect(await rest(world)).toEqual(['DELIVERED'])
  expect(contactOf(world).values).toEqual({ telephone1: '+49 30 1', emailaddress1: 'theirs@people.example' })
})

test('what was kept is told from what was filled, beside a value that the CRM refuses', async () => {
  const world = await openWorld()
  const { provider } = world.crms.DYNAMICS
  const { updateRecord } = provider
  provider.updateRecord = async (reference, update, options) => {
    if (!update.values.some(({ name }) => name === 'telephone1')) return updateRecord(reference, update, options)
    const fields = [{ name: 'telephone1', message: 'It cannot be changed.' }]
    throw new ProviderError('CRM_REJECTED', { message: 'Some values do not fit.', fields })
  }
  contactOf(world).values['emailaddress1'] = 'theirs@people.example'
  world.settings.DYNAMICS = {
    ...world.settings.DYNAMICS,
    backendFields: [...(world.settings.DYNAMICS?.backendFields ?? []), constant('firstname', 'Ada', false)],
  }
  world.startWorker()
  await tagChat(world)
  expect(await rest(world)).toEqual(['PARTIAL CRM_REJECTED'])
  const [push] = await world.prisma.push.findMany()
  const plan = push && world.pushes.planOf(push)
  expect(plan?.record.why.map(({ text }) => text.slice(0, text.indexOf('. ')))).toEqual([
    expect.stringMatching(/ is written$/),
    expect.stringMatching(/ held a value already and was kept$/),
    expect.stringMatching(/ was empty and filled$/),
  ])
})

test('a second tagging that comes while the first is under way is written as well', async () => {
  const world = await openWorld()
  let tagAgain: (() => Promise<unknown>) | null = null
  world.hindrances.DYNAMICS = async (operation) => {
    if (operation !== 'updateRecord' || tagAgain === null) return
    const tag = tagAgain
    tagAgain = null
    await tag()
  }
  world.startWorker()
  const id = await world.start('CHAT')
  await world.conversations.end(admin, id)
  tagAgain = () => world.tag(id, ['DYNAMICS 1'])
  await world.tag(id, ['DYNAMICS 1'])
  await expect.poll(() => countOf(world, 'updateRecord')).toBe(2)
  expect(await rest(world)).toEqual(['DELIVERED'])
  expect(world.crms.DYNAMICS.activities.all()).toHaveLength(1)
})

test('a retry writes the fields that were refused, planned anew, and files nothing twice', async () => {
  const world = await openWorld()
  let refuses = true
  world.hindrances.DYNAMICS = (operation) => {
    if (refuses && operation === 'updateRecord')
      throw new ProviderError('CRM_REJECTED', { message: 'A plug-in says no.' })
  }
  world.startWorker()
  await tagChat(world)
  expect(await rest(world)).toEqual(['PARTIAL CRM_REJECTED'])
  refuses = false
  world.settings.DYNAMICS = {
    ...world.settings.DYNAMICS,
    backendFields: [constant('telephone1', '+49 30 2', true)],
  }
  expect(await world.pushes.retryAll(admin, { status: ['PARTIAL'] })).toBe(1)
  await expect.poll(() => world.states()).toEqual(['DELIVERED'])
  expect(contactOf(world).values['telephone1']).toBe('+49 30 2')
  expect(world.crms.DYNAMICS.activities.all()).toHaveLength(1)
  expect(countOf(world, 'fileActivity')).toBe(1)
})

test('a retry closes the activity that was refused to be closed, and leaves the fields alone that were written', async () => {
  const world = await openWorld()
  let refuses = true
  world.hindrances.DYNAMICS = (operation) => {
    if (refuses && operation === 'updateActivity')
      throw new ProviderError('CRM_FORBIDDEN', { message: 'No privilege.' })
  }
  world.startWorker()
  await tagChat(world)
  expect(await rest(world)).toEqual(['PARTIAL CRM_FORBIDDEN'])
  const writes = countOf(world, 'updateRecord')
  refuses = false
  const push = await world.prisma.push.findFirstOrThrow()
  await world.pushes.retry(admin, push.id)
  await expect.poll(() => world.states()).toEqual(['DELIVERED'])
  expect(world.crms.DYNAMICS.activities.all()).toMatchObject([{ closed: true }])
  expect(countOf(world, 'updateRecord')).toBe(writes)
})
