import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSchema } from 'graphql'
import { expect, onTestFinished, test } from 'vitest'
import { startTestServer } from '../testing/http.ts'
import { readKnownOperations } from './known-operations.ts'

const query = 'query Hello { me { ...Name } }\nfragment Name on Person { name }'
const schema = buildSchema('type Query { me: Person } type Person { name: String }')

async function start(content: unknown, strict: boolean) {
  const directory = await mkdtemp(join(tmpdir(), 'backchannel-operations-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const file = join(directory, 'operations.json')
  await writeFile(file, JSON.stringify(content))
  const { post, url } = await startTestServer(schema, {}, { known: readKnownOperations([file], strict) })
  const ask = async (body: object) => (await post(body, { as: 'AGENT' })).json() as Promise<unknown>
  return { ask, url }
}

const byHash = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } })
const answered = { data: { me: null } }
const refused = (code: string) => ({ errors: [{ extensions: { code } }] })

test('a strict server runs what is in its file, however a client lays it out, and nothing else (T9)', async () => {
  const { ask, url } = await start([query], true)
  expect(await ask({ query })).toEqual(answered)
  const other = 'fragment Name on Person { __typename name } query Hello { me { ...Name __typename } }'
  expect(await ask({ query: other })).toEqual(answered)
  for (const unknown of [
    '{ me { name } }',
    'query Hello { me { name } }',
    '{ __typename }',
    `${query} query B { __typename }`,
  ]) {
    expect(await ask({ query: unknown })).toMatchObject(refused('OPERATION_NOT_KNOWN'))
  }
  const get = await fetch(`${url}/graphql?query={me{name}}`, { headers: { authorization: 'Bearer AGENT' } })
  expect(await get.json()).toMatchObject(refused('OPERATION_NOT_KNOWN'))
})

test('a client may send a hash instead of the text: its own, or that of the file', async () => {
  const own = createHash('sha256').update(query).digest('hex')
  const { ask } = await start({ 'hello-1': query }, false)
  expect(await ask(byHash(own))).toEqual(answered)
  expect(await ask(byHash('hello-1'))).toEqual(answered)
  expect(await ask(byHash('toString'))).toMatchObject(refused('PERSISTED_QUERY_NOT_FOUND'))
  expect(await ask({ query: '{ me { name } }' })).toEqual(answered)
})
