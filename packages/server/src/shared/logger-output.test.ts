import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'

const program = `
  import { createLogger } from './packages/server/src/shared/logger.ts'
  const logger = createLogger('info')
  logger.info('first')
  process.stdin.on('end', () => {
    logger.info('nobody reads this')
    process.exit(0)
  }).resume()
`

it('a process ends although nobody reads its standard output any more', async () => {
  const root = new URL('../../../..', import.meta.url)
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type', 'module', '--eval', program], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  expect(JSON.parse(line.toString())).toMatchObject({ level: 'info', msg: 'first' })
  child.stdout.destroy()
  child.stdin.end()
  expect(await once(child, 'exit')).toEqual([0, null])
})
