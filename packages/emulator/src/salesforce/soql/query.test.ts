import { describe, expect, test } from 'vitest'
import { ada, untidyOnly } from '../../seed/index.ts'
import { startOrg } from '../fixture.ts'

describe('SOQL answers', () => {
  test('parents come nested, empty lookups null, children as a result of their own', async () => {
    const { query } = startOrg()
    const contact = await query(
      `SELECT Id, Account.Name, Account.Owner.Name, ReportsTo.Name FROM Contact WHERE LastName = '${ada.lastName}'`,
    )
    const [record] = contact.json.records
    expect(record).toMatchObject({
      attributes: { type: 'Contact', url: `/services/data/v60.0/sobjects/Contact/${record.Id}` },
      Account: { attributes: { type: 'Account' }, Name: 'Analytical Engines', Owner: { Name: 'Ines Demo' } },
      ReportsTo: null,
    })
    expect(Object.keys(record)).toEqual(['attributes', 'Id', 'Account', 'ReportsTo'])
    const account = await query(
      "SELECT Name, (SELECT FirstName FROM Contacts LIMIT 1), (SELECT Id FROM Cases) FROM Account WHERE AccountNumber = 'AE-1843'",
    )
    expect(account.json.records[0]).toMatchObject({
      Contacts: { totalSize: 1, done: true, records: [{ FirstName: 'Ada' }] },
      Cases: null,
    })
  })

  test('a polymorphic lookup answers what every target has, TYPEOF what one has', async () => {
    const { query, call } = startOrg()
    const contact = (await query(`SELECT Id FROM Contact WHERE LastName = '${ada.lastName}'`)).json.records[0].Id
    const account = (await query("SELECT Id FROM Account WHERE Name = 'Analytical Engines'")).json.records[0].Id
    await call('POST', 'sobjects/Task', { body: { Subject: 'Call', WhoId: contact, WhatId: account } })
    const answer = await query(
      'SELECT Who.Name, Who.Type, TYPEOF What WHEN Account THEN AccountNumber ELSE Name END FROM Task',
    )
    expect(answer.json.records[0]).toMatchObject({
      Who: { attributes: { type: 'Name' }, Name: 'Ada Lovelace-Byrne', Type: 'Contact' },
      What: { attributes: { type: 'Account' }, AccountNumber: 'AE-1843' },
    })
    expect((await query("SELECT Id FROM Task WHERE Who.Name = 'Ada Lovelace-Byrne'")).json.totalSize).toBe(1)
    expect((await query('SELECT Who.Birthdate FROM Task')).json[0].errorCode).toBe('INVALID_FIELD')
  })

  test('ORDER BY puts nulls first unless told otherwise and ignores case', async () => {
    const { query, call } = startOrg(0)
    for (const [name, plate] of [
      ['b', 'x'],
      ['A', null],
      ['c', 'y'],
    ]) {
      await call('POST', 'sobjects/Vehicle__c', { body: { Name: name, Plate__c: plate, Year__c: 1999 } })
    }
    const names = async (order: string) =>
      (await query(`SELECT Name FROM Vehicle__c WHERE Year__c = 1999 ORDER BY ${order}`)).json.records.map(
        (record: { Name: string }) => record.Name,
      )
    expect(await names('Plate__c, Name')).toEqual(['A', 'b', 'c'])
    expect(await names('Plate__c DESC NULLS LAST')).toEqual(['c', 'b', 'A'])
    expect(await names('Name LIMIT 1 OFFSET 1')).toEqual(['b'])
  })

  test('COUNT(), groups, aggregates and semi-joins', async () => {
    const { query } = startOrg()
    const count = await query('SELECT COUNT() FROM TaskStatus WHERE IsClosed = FALSE')
    expect(count.json).toEqual({ totalSize: 4, done: true, records: [] })
    const groups = await query('SELECT IsClosed, COUNT(Id) n, MAX(SortOrder) FROM TaskStatus GROUP BY IsClosed')
    expect(groups.json.records).toEqual([
      { attributes: { type: 'AggregateResult' }, IsClosed: false, n: 4, expr0: 5 },
      { attributes: { type: 'AggregateResult' }, IsClosed: true, n: 1, expr0: 3 },
    ])
    const employed = await query(
      "SELECT LastName FROM Contact WHERE AccountId IN (SELECT Id FROM Account WHERE AccountNumber = 'AE-1843')",
    )
    expect(employed.json.records.map((record: { LastName: string }) => record.LastName)).toEqual([ada.lastName])
  })

  test('deleted rows are for queryAll only', async () => {
    const { query, call } = startOrg()
    const soql = `SELECT Id, IsDeleted FROM Lead WHERE LastName = '${untidyOnly.lastName}'`
    const { Id } = (await query(soql)).json.records[0]
    expect((await call('DELETE', `sobjects/Lead/${Id}`)).status).toBe(204)
    expect((await query(soql)).json.totalSize).toBe(0)
    const all = await call('GET', `queryAll?q=${encodeURIComponent(soql)}`)
    expect(all.json.records).toMatchObject([{ Id, IsDeleted: true }])
  })

  test('pages hold 2000 rows, fewer on request or with long text, and the last one has no locator', async () => {
    const { query, send, signIn, store } = startOrg(0)
    for (let index = 0; index < 2345; index++) {
      const id = `00QdM00000000${String(index).padStart(2, '0')}`.padEnd(18, 'A') + index
      store.put('Lead', id, { Id: id, LastName: `L${index}`, IsDeleted: false })
    }
    const read = async (soql: string, headers = {}) => {
      const sizes: number[] = []
      const seen = new Set<string>()
      let page = await query(soql, headers)
      for (;;) {
        expect(page.json.totalSize).toBe(2345)
        sizes.push(page.json.records.length)
        for (const { Id } of page.json.records) seen.add(Id)
        if (page.json.done) break
        expect(page.json.nextRecordsUrl).toMatch(/^\/services\/data\/v60\.0\/query\/\w{15,}-\d+$/)
        page = await send('GET', page.json.nextRecordsUrl, { headers: { authorization: `Bearer ${await signIn()}` } })
      }
      expect(page.json).not.toHaveProperty('nextRecordsUrl')
      expect(seen.size).toBe(2345)
      return sizes
    }
    expect(await read('SELECT Id FROM Lead')).toEqual([2000, 345])
    expect(await read('SELECT Id, Description FROM Lead')).toEqual([1000, 1000, 345])
    expect(await read('SELECT Id FROM Lead', { 'sforce-query-options': 'batchSize=1200' })).toEqual([1200, 1145])
    expect((await query('SELECT Id FROM Lead OFFSET 2001')).json[0].errorCode).toBe('NUMBER_OUTSIDE_VALID_RANGE')
  })

  test('unknown columns are pointed at, whatever line they are on', async () => {
    const { query } = startOrg(0)
    const answer = await query("SELECT Id\nFROM Contact\nWHERE Name = 'Nope__c' AND Nope__c = 'x'")
    expect(answer.json[0]).toMatchObject({ errorCode: 'INVALID_FIELD' })
    expect(answer.json[0].message).toContain(
      "\n                           ^\nERROR at Row:3:Column:28\nNo such column 'Nope__c'",
    )
  })

  test.each([
    ['an unknown object', 'SELECT Id FROM Foo', 'INVALID_TYPE'],
    ['a column twice', 'SELECT Id, Id FROM Contact', 'MALFORMED_QUERY'],
    ['a star', 'SELECT * FROM Contact', 'MALFORMED_QUERY'],
    ['all fields without limit', 'SELECT FIELDS(ALL) FROM Contact', 'MALFORMED_QUERY'],
    ['an ungrouped column', 'SELECT Name, COUNT(Id) FROM Contact', 'MALFORMED_QUERY'],
    ['an order by long text', 'SELECT Id FROM Contact ORDER BY Description', 'INVALID_FIELD'],
    ['an unknown child relationship', 'SELECT Id, (SELECT Id FROM Friends) FROM Contact', 'INVALID_FIELD'],
    ['no statement', '', 'MALFORMED_QUERY'],
    ['a statement that is too long', `SELECT Id FROM Contact WHERE Name = '${'x'.repeat(100_000)}'`, 'MALFORMED_QUERY'],
  ])('%s is refused', async (_, soql, code) => {
    const { query } = startOrg(0)
    const answer = await query(soql)
    expect([answer.status, answer.json[0].errorCode]).toEqual([400, code])
  })

  test('SOSL finds phones whatever their spelling', async () => {
    const { call } = startOrg()
    const find = (sosl: string) => call('GET', `search?q=${encodeURIComponent(sosl)}`)
    const found = await find('FIND {5125550143} IN PHONE FIELDS RETURNING Contact(Id, Name), Lead(Id, Name LIMIT 5)')
    expect(found.json.searchRecords.map((record: { Name: string }) => record.Name)).toEqual([
      'Ada Lovelace-Byrne',
      'Ada Byrne',
    ])
    expect((await find('FIND Ada IN NAME FIELDS')).json[0].errorCode).toBe('MALFORMED_SEARCH')
    expect((await find('FIND {A}')).json[0].errorCode).toBe('MALFORMED_SEARCH')
  })
})
