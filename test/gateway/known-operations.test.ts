import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openInstallation } from '../support/server-process.ts'

const appOperations = join(import.meta.dirname, '../../packages/admin/src/graphql/generated/operations.json')

it('a server that runs known operations only runs those of the admin app (T9)', async () => {
  const { execute } = await (await openInstallation({ OPERATIONS: 'known' })).start()
  const texts: string[] = JSON.parse(readFileSync(appOperations, 'utf8'))
  const page = texts.find((text) => text.startsWith('query MembersPage_Query')) ?? expect.unreachable()
  expect(await execute(page)).toHaveProperty('members')
  await expect(execute('{ members { email } }')).rejects.toThrow('OPERATION_NOT_KNOWN')
})
