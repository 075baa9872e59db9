/** What may happen to one conversation and its pushes, at random and in any order. */
import type { ProviderKey } from '@backchannel/providers'
import fc from 'fast-check'
import { type CrmFault, crmFaults, type Fate } from './push-drive.ts'

export type Step =
  | { do: 'SAY'; texts: { when: 'NOW' | 'LATE'; length: number }[] }
  | { do: 'REPEAT'; which: number }
  | { do: 'TAG' | 'UNTAG'; crm: ProviderKey }
  | { do: 'END' }
  | { do: 'SET'; target: 'NOTES' | 'TASK'; closing: boolean }
  | { do: 'FAIL'; crm: ProviderKey; fault: CrmFault; times: number }
  | { do: 'EDIT' | 'CLOSE' | 'DELETE'; which: number }
  | { do: 'WORK'; fate: Fate | null }
  | { do: 'LAND' | 'GO_ON' }
  | { do: 'WAIT'; seconds: number }

const anyCrm = fc.constantFrom<ProviderKey>('DYNAMICS', 'SALESFORCE')
const fate = fc.record({
  at: fc.nat(14),
  what: fc.constantFrom('DIES_BEFORE' as const, 'DIES_AFTER' as const, 'HELD_UP' as const),
})
const said = fc.record({
  when: fc.constantFrom('NOW' as const, 'NOW' as const, 'LATE' as const),
  length: fc.constantFrom(10, 10, 900),
})
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('SAY' as const), texts: fc.array(said, { minLength: 1, maxLength: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('REPEAT' as const), which: fc.nat(20) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('TAG' as const), crm: anyCrm }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('UNTAG' as const), crm: anyCrm }) },
  { weight: 1, arbitrary: fc.constant({ do: 'END' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('SET' as const),
      target: fc.constantFrom('NOTES' as const, 'TASK' as const),
      closing: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('FAIL' as const),
      crm: anyCrm,
      fault: fc.constantFrom(...crmFaults),
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('EDIT' as const, 'EDIT' as const, 'CLOSE' as const, 'DELETE' as const),
      which: fc.nat(20),
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('WORK' as const), fate: fc.option(fate, { freq: 2 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('LAND' as const, 'GO_ON' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('WAIT' as const), seconds: fc.constantFrom(1, 40, 900) }) },
)

export const schedule = fc.record({
  channel: fc.constantFrom('SMS' as const, 'SMS' as const, 'CHAT' as const),
  /** Allow New Creation, from beginning to end. */
  newCreation: fc.constantFrom(false, false, true),
  target: fc.constantFrom('NOTES' as const, 'TASK' as const),
  /** Tagged before anything else, with one message said. */
  tagged: fc.subarray<ProviderKey>(['DYNAMICS', 'SALESFORCE']),
  steps: fc.array(step, { minLength: 4, maxLength: 30 }),
})
export type Schedule = typeof schedule extends fc.Arbitrary<infer T> ? T : never
