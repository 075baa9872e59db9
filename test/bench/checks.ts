/** What two checks cost that every operation goes through: of its points, and of the workspace that its queries name. */
import { join } from 'node:path'
import { parse, validate } from 'graphql'
import { openDatabase } from '../../packages/server/src/database/index.ts'
import { acrossWorkspaces } from '../../packages/server/src/database/workspace-guard.ts'
import { createDocuments } from '../../packages/server/src/http/documents.ts'
import { noKnownOperations } from '../../packages/server/src/http/known-operations.ts'
import { usualLimits } from '../../packages/server/src/http/limit-values.ts'
import { createCostCheck } from '../../packages/server/src/http/operation-cost.ts'
import { schema } from '../../packages/server/src/schema.ts'
import { median, printTable } from './report.ts'

const rounds = 9

const operations = {
  'the viewer': { query: '{ viewer { kind } }', variables: {} },
  'a list': {
    query:
      'query ($first: Int) { conversations(first: $first) { edges { node { id externalId } } pageInfo { hasNextPage } } }',
    variables: { first: 50 },
  },
  'a search': {
    query: 'query ($input: SearchRecordsInput!) { searchRecords(input: $input) { __typename } }',
    variables: { input: { term: 'Anna Berger' } },
  },
}

/** Microseconds of processor time that one time takes, which others on the machine change little. */
async function timeOf(times: number, work: () => unknown): Promise<number> {
  const begun = process.cpuUsage()
  for (let time = 0; time < times; time++) await work()
  return passed(begun) / times
}

/** The same without a turn of the event loop in between. */
function timeOfCall(times: number, work: () => unknown): number {
  const begun = process.cpuUsage()
  for (let time = 0; time < times; time++) work()
  return passed(begun) / times
}

function passed(begun: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begun)
  return user + system
}

/** Medians of interleaved rounds, the first of which only warms up. */
async function mediansOf<Name extends string>(measures: Record<Name, () => number | Promise<number>>) {
  const names = Object.keys(measures) as Name[]
  const found = new Map<Name, number[]>(names.map((name) => [name, []]))
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const value = await measures[name]()
      if (round > 0) found.get(name)?.push(value)
    }
  }
  return (name: Name) => median(found.get(name) ?? [])
}

async function measureCost(): Promise<void> {
  const rows: Record<string, string | number>[] = []
  for (const [name, { query, variables }] of Object.entries(operations)) {
    const document = parse(query)
    const [wrong] = validate(schema, document)
    if (wrong) throw wrong
    const known = createCostCheck(schema, document, usualLimits.cost)
    const choice = { operationName: null, variables }
    const documents = createDocuments(schema, usualLimits, noKnownOperations)
    let drawn = 0
    const of = await mediansOf({
      known: () => timeOfCall(2_000, () => known(choice)),
      new: () => timeOfCall(200, () => createCostCheck(schema, document, usualLimits.cost)(choice)),
      prepare: () => timeOfCall(200, () => documents.prepare(`${query}#${drawn++}`)),
    })
    rows.push({
      operation: name,
      'of known points, µs': of('known').toFixed(2),
      'added up anew, µs': of('new').toFixed(1),
      'parsing and validating it, µs': of('prepare').toFixed(1),
    })
  }
  console.log('\nThe check of what an operation costs\n')
  printTable(rows)
}

async function measureGuard(directory: string): Promise<void> {
  const { prisma: guarded, close } = await openDatabase(`file:${join(directory, 'checks.db')}`)
  const open = acrossWorkspaces(guarded)
  const query = { where: { workspaceId: 'workspace-1', id: 'nobody' } }
  // A query of Prisma that nobody waits for is not sent: what is left is the making of it.
  const of = await mediansOf({
    guarded: () => timeOfCall(2_000, () => void guarded.conversation.findFirst(query)),
    open: () => timeOfCall(2_000, () => void open.conversation.findFirst(query)),
    run: () => timeOf(200, () => open.conversation.findFirst(query)),
  })
  await close()
  const cost = of('guarded') - of('open')
  console.log('\nThe check that a query names its workspace\n')
  printTable([
    {
      'the check, µs': cost.toFixed(2),
      'a query by a key, µs': of('run').toFixed(0),
      share: `${((cost / of('run')) * 100).toFixed(1)} %`,
    },
  ])
}

/** Prints both. */
export async function measureChecks(directory: string): Promise<void> {
  await measureCost()
  await measureGuard(directory)
}
