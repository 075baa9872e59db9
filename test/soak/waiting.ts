import { setTimeout as wait } from 'node:timers/promises'

/** @throws where it has not come true within the time */
export async function untilTrue(
  isTrue: () => Promise<boolean>,
  { everyMs, limitMs }: { everyMs: number; limitMs: number },
): Promise<void> {
  const end = performance.now() + limitMs
  while (!(await isTrue())) {
    if (performance.now() > end) throw new Error('The run has not come to its end in the time that it has.')
    await wait(everyMs)
  }
}
