import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { failureText } from './failure-text.ts'

/** What listening fails with. */
async function failing(port: number, host: string): Promise<unknown> {
  const server = createServer()
  onTestFinished(() => void server.close())
  return new Promise((resolve) => void server.once('error', resolve).listen(port, host))
}

test('whoever starts a process on a port that is taken reads which, and which variables name it', async () => {
  const other = createServer()
  onTestFinished(() => void other.close())
  const port = await new Promise<number>((resolve) => {
    other.listen(0, '127.0.0.1', () => {
      const address = other.address()
      resolve(typeof address === 'object' ? (address?.port ?? 0) : 0)
    })
  })
  expect(failureText(await failing(port, '127.0.0.1'))).toBe(
    `Port ${port} is in use. Stop what listens there, or set the variable that names it (PORT, METRICS_PORT or WORKER_METRICS_PORT) to another one.`,
  )
})

test('whoever has it listen at an address of another machine reads so', async () => {
  expect(failureText(await failing(0, '192.0.2.1'))).toContain('192.0.2.1 is no address of this machine. Set HOST')
})

test('a file that may not be opened is not taken for a port', () => {
  const error = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES', syscall: 'open' })
  expect(failureText(error)).toContain('permission denied')
})
