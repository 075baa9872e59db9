/**
 * Random schedules against a model (R4): whatever is said, tagged, set, edited and broken in whatever order, in the end
 * each message stands where it should, once. A schedule that does not is shrunk to a short one. `MODEL_RUNS=1000` tries
 * more of them.
 */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openModelWorld, type World } from '../testing/push-model.ts'
import { type Schedule, schedule } from '../testing/push-schedule.ts'

const RUNS = Number(process.env['MODEL_RUNS'] ?? 60)

test(
  `R4: ${RUNS} random schedules end whole, once and in order`,
  async () => {
    const runOne = await openModelWorld()
    await fc.assert(fc.asyncProperty(schedule, runOne), { numRuns: RUNS })
  },
  60_000 + RUNS * 2_000,
)

/** Schedules that once ended otherwise, as random ones were shrunk to them. */
const found: { name: string; given: Schedule }[] = [
  {
    // The first of them lands, which had been forgotten for the second.
    name: 'two unknown outcomes in a row',
    given: {
      channel: 'SMS',
      newCreation: false,
      target: 'NOTES',
      tagged: [],
      steps: [
        { do: 'FAIL', crm: 'DYNAMICS', fault: 'LATE', times: 2 },
        { do: 'SAY', texts: [{ when: 'NOW', length: 10 }] },
        { do: 'TAG', crm: 'DYNAMICS' },
        { do: 'WORK', fate: null },
        { do: 'WAIT', seconds: 1 },
        { do: 'SAY', texts: [{ when: 'NOW', length: 10 }] },
        { do: 'WORK', fate: null },
        {
          do: 'SAY',
          texts: [
            { when: 'LATE', length: 10 },
            { when: 'NOW', length: 10 },
          ],
        },
        { do: 'LAND' },
      ],
    },
  },
  {
    // The late one went into the first part, before it was seen that the second is gone.
    name: 'a late message, a part that is gone',
    given: {
      channel: 'SMS',
      newCreation: false,
      target: 'NOTES',
      tagged: ['SALESFORCE'],
      steps: [
        {
          do: 'SAY',
          texts: [
            { when: 'NOW', length: 10 },
            { when: 'NOW', length: 900 },
            { when: 'NOW', length: 10 },
            { when: 'NOW', length: 900 },
          ],
        },
        { do: 'WORK', fate: null },
        {
          do: 'SAY',
          texts: [
            { when: 'NOW', length: 10 },
            { when: 'LATE', length: 10 },
          ],
        },
        { do: 'DELETE', which: 1 },
      ],
    },
  },
  {
    // Which activity it was had not been written down.
    name: 'filed, then closed by a person',
    given: {
      channel: 'SMS',
      newCreation: false,
      target: 'NOTES',
      tagged: ['SALESFORCE'],
      steps: [
        { do: 'WORK', fate: { at: 4, what: 'DIES_BEFORE' } },
        { do: 'CLOSE', which: 0 },
        { do: 'SAY', texts: [{ when: 'NOW', length: 10 }] },
      ],
    },
  },
]

test.each(found)('R4: $name', async ({ given }) => {
  const runOne = await openModelWorld()
  await runOne(given)
})

/** What a good model must find out, and how little of a schedule it takes to show it. */
const mutants: { name: string; change: (world: World) => void }[] = [
  {
    name: 'a CRM that does not keep our keys',
    change({ crms }) {
      for (const { provider } of Object.values(crms)) {
        const { fileActivity } = provider
        provider.fileActivity = (draft, options) => fileActivity({ ...draft, key: randomUUID() }, options)
      }
    },
  },
  {
    name: 'a CRM that lets us write over what a person wrote',
    change({ crms }) {
      for (const { provider } of Object.values(crms)) {
        const { updateActivity } = provider
        provider.updateActivity = (type, remoteId, change, options) =>
          updateActivity(type, remoteId, { ...change, expectedVersion: null }, options)
      }
    },
  },
  {
    name: 'texts that are never compared',
    change: (world) => Object.assign(world.secrets, { hash: () => 'same' }),
  },
]

test.each(mutants)(
  'R4 control: $name is found out',
  async ({ change }) => {
    const runOne = await openModelWorld(change)
    const found = await fc.check(fc.asyncProperty(schedule, runOne), { numRuns: 500, seed: 7, endOnFailure: true })
    expect(found.failed).toBe(true)
  },
  120_000,
)

test('R4 control: what is found out is shrunk to a schedule of a few steps', async () => {
  const runOne = await openModelWorld(mutants[0]?.change)
  const found = await fc.check(fc.asyncProperty(schedule, runOne), { numRuns: 500, seed: 7 })
  expect(found.counterexample?.[0].steps.length).toBeLessThanOrEqual(6)
}, 120_000)
