import type { ControlClient } from '@backchannel/emulator'
import { expect } from 'vitest'

/** As often as this in a row nothing new is asked: between two calls of one task a busy machine may take its time. */
const ROUNDS = 4

/** Until nothing is asked of a CRM any more, such as by the look at an org that follows connecting it. */
export async function untilQuiet(control: ControlClient): Promise<void> {
  let before = -1
  let rounds = 0
  const quietRounds = async () => {
    const calls = await control.calls()
    const isQuiet = calls.length === before && calls.every(({ status }) => status !== 0)
    before = calls.length
    rounds = isQuiet ? rounds + 1 : 0
    return rounds
  }
  await expect.poll(quietRounds, { interval: 100 }).toBeGreaterThanOrEqual(ROUNDS)
}
