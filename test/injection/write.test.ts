/**
 * Hostile values in what is written: the CRM holds exactly the text, in the field it was meant for, and no other row of it
 * has changed (T2, T4). Names in settings are names, or are refused (T6).
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRecord, valuesOf } from '../gateway/creating.ts'
import { providers } from '../gateway/searching.ts'
import { change } from '../gateway/setting-up.ts'
import { openRules, type RuleCrm } from '../rules/support/rules.ts'
import { aboutRows, structureOf } from './asked.ts'
import { hostileText, plain } from './hostile-text.ts'

const { crm } = openRules({ people: 20 })

const idOf = (row: Record<string, unknown>) => String(row['contactid'] ?? row['Id'])

async function contacts({ control, names }: RuleCrm): Promise<Map<string, string>> {
  const rows = await control.records(names.contact.entity)
  return new Map(rows.map((row) => [idOf(row), JSON.stringify(row)]))
}

describe.each(providers)('%s', (provider) => {
  it('holds what was typed into the form, and nothing else of it has changed', async () => {
    const to = crm(provider)
    const { names } = to
    const put = (last: string, first: string) =>
      createRecord(to.running, to.org, 'CONTACT', { values: valuesOf(provider, { first, last }), allowDuplicate: true })
    const { asked: honest } = await structureOf(to, () => put('Harmless', 'Hanna'))
    let before = await contacts(to)
    await fc.assert(
      fc.asyncProperty(hostileText, hostileText, async (one, other) => {
        const [last, first] = [`L${one}`.slice(0, 40), `F${other}`.slice(0, 40)]
        const { result, asked } = await structureOf(to, () => put(last, first))
        expect(result).toMatchObject({ __typename: 'CreateRecordSuccess' })
        // An address may name the new row, by its key.
        expect(aboutRows(asked).map(withoutKeys)).toEqual(aboutRows(honest).map(withoutKeys))
        const after = await contacts(to)
        const row = JSON.parse(after.get(result.record?.remoteId ?? '') ?? '{}')
        expect([row[names.contact.last], row[names.contact.first]].map(plain)).toEqual([last, first].map(plain))
        expect(after.size).toBe(before.size + 1)
        for (const [id, was] of before) expect(after.get(id)).toBe(was)
        before = after
      }),
      { numRuns: 30 },
    )
  })

  it('is asked about no entity and no field whose name is none (T6)', async () => {
    const to = crm(provider)
    const integrationId = to.org.id
    const version = await to.version()
    const document = await to.document()
    const input = (name: string) => ({
      integrationId,
      expectedVersion: version,
      name,
      displayName: 'X',
      primaryFieldLabel: 'X',
    })
    const hostileName = hostileText.filter((text) => !/^[A-Za-z_][A-Za-z0-9_]{0,79}$/.test(text.trim()))
    await fc.assert(
      fc.asyncProperty(hostileName, async (name) => {
        const known = to.names.contact.entity
        const { result, asked } = await structureOf(to, async () => [
          await change(to.running, 'addEntity', { ...input(name), primaryField: 'name' }),
          await change(to.running, 'addEntity', { ...input(`${known}${name}`), primaryField: name }),
        ])
        for (const { __typename } of result) expect(__typename).toBe('ValidationError')
        for (const call of asked) expect(call).not.toContain(name)
      }),
      { numRuns: 30 },
    )
    expect(await to.document()).toEqual(document)
  })
})

function withoutKeys(call: string): string {
  return call.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=sobjects\/Contact\/)\w{15,18}/g, '…')
}
