/**
 * What settings cost as they grow: a form with all its fields, and a search that asks for the admin's search fields or
 * does not, beside the same stack with its settings read once and none of the product.
 */
import { join } from 'node:path'
import type { Bench, Cell, Contender, Pace } from '../contest.ts'
import {
  addContacts,
  contactsOf,
  type Gateway,
  graphqlRequest,
  type OpenedGateway,
  searchOf,
  searchRequest,
} from '../gateway.ts'
import type { LoadRequest } from '../load.ts'
import { answer, end, start } from '../processes.ts'
import { median, printTable } from '../report.ts'
import {
  addCustomFields,
  type FieldCount,
  fieldCounts,
  fillingCustomFields,
  lastLabel,
  mostFields,
  withCustomFields,
} from './fields.ts'

const callers = 10
const warmUpMs = 4_000
const people = { firstName: 'Shown', phone: '+15125550172', keptPhone: '(512) 555-0172' }
const form = 'form'
const search = 'search'
const searchWithFields = 'search with fields'
const stack = 'pothos + prisma + yoga'

interface Measured {
  operation: string
  /** Null: it has no settings of ours. */
  count: FieldCount | null
  cells: Cell[]
}

export async function measureSettings(
  bundles: string,
  directory: string,
  { gateway, dynamics, control, origin, recorded, search: benchSearch }: OpenedGateway,
  { warmUp, measure }: Bench,
  { rounds, durationMs }: Pace,
): Promise<void> {
  await addCustomFields(control)
  const settings = await openSettings(gateway, dynamics.id)
  await settings.put(fillingCustomFields(settings.initial))
  await addContacts(gateway, dynamics, people)

  const shown = searchOf(dynamics, people)
  const withFields = searchOf(dynamics, people, 'fields(view: SEARCH) { name label type value }')
  const requests: Record<string, (count: FieldCount) => LoadRequest> = {
    [form]: (count) => formRequest(gateway, dynamics.id, contactsOf(dynamics), count),
    [search]: () => searchRequest(gateway.port, 'gateway', shown),
    [searchWithFields]: (count) =>
      searchRequest(gateway.port, 'gateway', {
        ...withFields,
        expect: lastLabel('searchFields', count) ?? withFields.expect,
      }),
  }
  const order = { origin, path: recorded.path, headers: recorded.headers, database: join(directory, 'backchannel.db') }
  const pothos = start(join(bundles, 'contenders/pothos-prisma.js'), [JSON.stringify(order)], {
    NODE_ENV: 'production',
  })
  const { port } = await answer<{ port: number }>(pothos)
  const contender: Contender = { name: stack, server: pothos, request: searchRequest(port, 'pothos', benchSearch) }

  await settings.put(withCustomFields(settings.initial, mostFields))
  for (const request of Object.values(requests)) await warmUp(request(mostFields), warmUpMs)
  await warmUp(contender.request, warmUpMs)

  const measured: Measured[] = Object.keys(requests).flatMap((operation) =>
    fieldCounts.map((count) => ({ operation, count, cells: [] })),
  )
  const ofStack: Measured = { operation: `search, ${stack}`, count: null, cells: [] }
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < fieldCounts.length; turn += 1) {
      // Whoever comes first in a round is somebody else each time.
      const count = fieldCounts[(round + turn) % fieldCounts.length] ?? 0
      await settings.put(withCustomFields(settings.initial, count))
      for (const each of measured.filter((it) => it.count === count)) {
        const request = requests[each.operation]?.(count)
        if (request) each.cells.push(await measure({ name: 'gateway', server: gateway.process, request }, callers))
      }
    }
    ofStack.cells.push(await measure(contender, callers))
  }
  await end(pothos)
  await settings.put(settings.initial)

  console.log(
    `\nSettings with so many custom fields of each entity type, ${callers} callers, no upstream latency; ` +
      `medians of ${rounds} rounds of ${durationMs / 1000} s\n`,
  )
  printTable([...measured, ofStack].map((each) => rowOf(each, measured, ofStack)))
  const of = (count: FieldCount) => measured.find((it) => it.operation === search && it.count === count)?.cells ?? []
  const cpu = ratio(of(mostFields), of(0), (cell) => cell.cpuUs ?? 0)
  console.log(
    `\nE3: RPS of a search / ${stack}: ${ratio(of(0), ofStack.cells, ({ rps }) => rps).toFixed(2)} (at least 0.8)`,
  )
  console.log(
    `E4: CPU of a search that asks for none of ${mostFields} fields / of none: ${cpu.toFixed(2)} (at most 1.10)`,
  )
}

function rowOf({ operation, count, cells }: Measured, all: readonly Measured[], ofStack: Measured) {
  const of = (value: (cell: Cell) => number | null) => median(cells.map((cell) => value(cell) ?? 0))
  const bare = all.find((it) => it.operation === operation && it.count === 0)?.cells
  const against = (base: readonly Cell[] | undefined, value: (cell: Cell) => number) =>
    base ? ratio(cells, base, value).toFixed(2) : '-'
  return {
    operation,
    'custom fields': count ?? '-',
    RPS: Math.round(of((cell) => cell.rps)),
    'p50 ms': of((cell) => cell.p50).toFixed(2),
    'p99 ms': of((cell) => cell.p99).toFixed(2),
    'CPU us/op': Math.round(of((cell) => cell.cpuUs)),
    'RSS MB': Math.round(of((cell) => cell.rssMb)) || '-',
    'RPS / 0 fields': against(bare, (cell) => cell.rps),
    'CPU / 0 fields': against(bare, (cell) => cell.cpuUs ?? 0),
    'RPS / stack': operation === form ? '-' : against(ofStack.cells, (cell) => cell.rps),
    'upstream calls/op': of((cell) => cell.upstreamCalls).toFixed(2),
  }
}

/** The median of what the rounds say. */
function ratio(cells: readonly Cell[], base: readonly Cell[], value: (cell: Cell) => number): number {
  return median(
    cells.map((cell, round) => {
      const against = base[round]
      return against ? value(cell) / value(against) : 0
    }),
  )
}

function formRequest({ port }: Gateway, integrationId: string, entityTypeId: string, count: FieldCount): LoadRequest {
  const query = `query Form($integrationId: ID!, $entityTypeId: ID!) {
    recordForm(integrationId: $integrationId, entityTypeId: $entityTypeId) {
      ... on RecordForm {
        submitLabel notes
        fields {
          id name label type group required multiple maxLength minimum maximum precision defaultValue placeholder help
          options { value label }
        }
      }
      ... on Error { code message }
    }
  }`
  const expect = lastLabel('backendFields', count) ?? 'Save Contact'
  return graphqlRequest(port, query, [{ integrationId, entityTypeId }], expect)
}

/** The settings of the integration through the API: as they were found, and how others are put in their place. */
async function openSettings({ execute }: Gateway, integrationId: string) {
  const { settingsDocument: initial, integration } = await execute<{
    settingsDocument: Record<string, unknown>
    integration: { settings: { version: number } }
  }>('query ($id: ID!) { settingsDocument(integrationId: $id) integration(id: $id) { settings { version } } }', {
    id: integrationId,
  })
  let { version } = integration.settings

  async function put(document: Record<string, unknown>): Promise<void> {
    const { importSettings } = await execute<{
      importSettings: { message?: string; integration?: { settings: { version: number } } }
    }>(
      `mutation ($input: SettingsDocumentInput!) {
        importSettings(input: $input) {
          ... on SettingsSuccess { integration { settings { version } } }
          ... on Error { message }
          ... on ValidationError { fields { path message } }
        }
      }`,
      { input: { integrationId, expectedVersion: version, document } },
    )
    if (!importSettings.integration) throw new Error(`Settings were refused: ${JSON.stringify(importSettings)}`)
    ;({ version } = importSettings.integration.settings)
  }

  return { initial, put }
}
