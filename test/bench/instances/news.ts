/** How soon a setting that is saved on one gateway holds on another. */
import { setTimeout as sleep } from 'node:timers/promises'
import { executeAt } from '../gateway.ts'
import { median } from '../report.ts'

const TIMES = 20
/** How often the other one is asked, in milliseconds: no answer is more exact. */
const ASKED_EVERY_MS = 2

const SAVE = 'mutation ($name: String!) { updateWorkspace(input: { name: $name }) { __typename } }'
const READ = '{ viewer { workspace { name } } }'

/** From the answer of the one that saved until the other one answers with it. */
export async function measureNews(from: number, to: number): Promise<string> {
  const waits: number[] = []
  for (let time = 0; time < TIMES; time += 1) {
    const name = `Saved on ${from}, ${time}`
    await executeAt(from, SAVE, { name })
    const saved = performance.now()
    while ((await executeAt<{ viewer: Named }>(to, READ)).viewer.workspace.name !== name) await sleep(ASKED_EVERY_MS)
    waits.push(performance.now() - saved)
    // Another part of the time between two polls.
    await sleep(Math.random() * 500)
  }
  return `${median(waits).toFixed(0)} ms (the longest of ${TIMES}: ${Math.max(...waits).toFixed(0)} ms)`
}

interface Named {
  workspace: { name: string }
}
