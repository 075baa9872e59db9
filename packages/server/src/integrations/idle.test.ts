import { expect, it } from 'vitest'
import { nextIdleStep } from './idle.ts'

const minute = 60_000
const options = { sessionIdleMinutes: 120, sessionGraceSeconds: 60 }

it.each([
  ['S-CON-07: at 1 h 59 min nothing happens', 119 * minute, null, { do: 'NOTHING' }],
  ['S-CON-07: after two hours people are asked', 120 * minute, null, { do: 'ASK', expiresAt: new Date(121 * minute) }],
  ['S-CON-08: the grace time begins with the question', 180 * minute, 180 * minute, { do: 'NOTHING' }],
  ['S-CON-08: it lasts a minute', 180 * minute + 59_999, 180 * minute, { do: 'NOTHING' }],
  ['S-CON-09: without an answer it ends', 181 * minute, 180 * minute, { do: 'END' }],
] as const)('%s', (_, now, promptedAt, step) => {
  const session = {
    workspaceId: 'w',
    integrationId: 'i',
    lastUsedAt: new Date(0),
    promptedAt: promptedAt === null ? null : new Date(promptedAt),
  }
  expect(nextIdleStep(session, options, now)).toEqual(step)
})
