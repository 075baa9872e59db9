import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { FieldValue, RecordFieldValue, RemoteReference } from '../model/index.ts'
import { isFree, sample } from './field-samples.ts'
import { codeOf, errorOf, fieldValue, freshEmail, freshPhone, freshWord, nothingElse } from './session.ts'
import type { Suite } from './suite.ts'

export function recordsSuite({ check, session, org }: Suite): void {
  const contact = (remoteId: string): RemoteReference => ({ entityName: session().entityName('CONTACT'), remoteId })
  const findContact = async (remoteId: string) => {
    const selection = {
      attributes: ['firstName', 'lastName', 'phone', 'email', 'createdAt', 'modifiedAt'] as const,
      fields: [],
    }
    const [record] = await session().provider.findRecords(session().entityName('CONTACT'), [remoteId], selection)
    return record ?? null
  }

  check('find: rows come in the order asked, null where there is none, in one request', async () => {
    const made = await Promise.all([1, 2, 3].map((n) => session().create('CONTACT', { lastName: `Row ${n}` })))
    const [a, b, c] = made.map(({ remoteId }) => remoteId)
    const asked = [c ?? '', org.unknownContactId, a ?? '', b ?? '', c ?? '']
    const { result, requests } = await session().count(() =>
      session().provider.findRecords(session().entityName('CONTACT'), asked, nothingElse),
    )
    expect(result.map((record) => record?.remoteId ?? null)).toEqual([c, null, a, b, c])
    expect(requests).toBe(1)
  })

  check('find: 200 rows are one request, none is none', async () => {
    const { remoteId } = await session().create('CONTACT', {})
    const asked = Array.from({ length: 200 }, (_, i) => (i === 150 ? remoteId : org.unknownContactId))
    const many = await session().count(() =>
      session().provider.findRecords(session().entityName('CONTACT'), asked, nothingElse),
    )
    expect(many.requests).toBe(1)
    expect(many.result.flatMap((record, i) => (record ? [i] : []))).toEqual([150])
    const none = await session().count(() =>
      session().provider.findRecords(session().entityName('CONTACT'), [], nothingElse),
    )
    expect(none).toMatchObject({ result: [], requests: 0 })
  })

  check('find: text that is no key is nobody’s, whatever it holds', async () => {
    const { remoteId } = await session().create('CONTACT', {})
    const forged = ["x' or '1' eq '1", '*', '', `${remoteId}' or contactid ne null`, '\u0000', '../accounts']
    const found = await session().provider.findRecords(
      session().entityName('CONTACT'),
      [...forged, remoteId],
      nothingElse,
    )
    expect(found.map((record) => record?.remoteId ?? null)).toEqual([...forged.map(() => null), remoteId])
  })

  check('find: a field that does not exist is refused by name', async () => {
    const { remoteId } = await session().create('CONTACT', {})
    const error = await errorOf(
      session().provider.findRecords(session().entityName('CONTACT'), [remoteId], {
        attributes: [],
        fields: ['no_such_field'],
      }),
    )
    expect(error).toMatchObject({ code: 'CRM_REJECTED', fields: [{ name: 'no_such_field' }], metadataDoubtful: true })
  })

  check('find: times are ISO 8601 in UTC', async () => {
    const { remoteId } = await session().create('CONTACT', {})
    const record = await findContact(remoteId)
    expect(record?.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)
    expect(record?.modifiedAt).toMatch(/Z$/)
  })

  check('create: what was given is what is read, in every letter', async () => {
    const given = {
      firstName: 'Zoë 😀',
      lastName: `O'Neil \\ "&<b>${freshWord().slice(0, 8)}`,
      phone: '(512) 555-0100 x1',
      email: `o'neil.${freshEmail()}`,
    }
    const { remoteId, entityName } = await session().create('CONTACT', given)
    expect(entityName).toBe(session().entityName('CONTACT'))
    expect(await findContact(remoteId)).toMatchObject(given)
  })

  check('create: fields of every type are stored as they were meant', async () => {
    const target = await session().create('CONTACT', { lastName: freshWord() })
    const seen = new Set<string>()
    // Accounts are left out: which of their fields may be written depends on whether they are persons.
    for (const kind of ['CONTACT', 'LEAD'] as const) {
      const entityName = session().entityName(kind)
      const described = await session().provider.describeEntityType(entityName)
      const samples = org.descriptor.fieldTypes.flatMap(({ type }) => {
        const field = described?.fields.find(
          (candidate) => candidate.type === type && isFree(candidate, target.entityName),
        )
        return field ? [sample(field, target)] : []
      })
      const names = (['lastName', 'company'] as const)
        .filter((attribute) => kind === 'LEAD' || attribute === 'lastName')
        .map((attribute) => fieldValue(session().fieldName(kind, attribute), 'TEXT', freshWord().slice(0, 20)))
      const values = [...new Map([...samples, ...names].map((value) => [value.name, value])).values()]
      const request = { entityName, kind, values, key: randomUUID(), allowDuplicate: true }
      const { remoteId } = await session().provider.createRecord(request)

      const selection = { attributes: [], fields: values.map(({ name }) => name) }
      const [record] = await session().provider.findRecords(entityName, [remoteId], selection)
      for (const value of values) {
        expect([value.name, meaning(record?.fields[value.name])]).toEqual([value.name, meant(value)])
        seen.add(value.type)
      }
    }
    expect([...seen]).toEqual(expect.arrayContaining(['TEXT']))
    if (org.network !== null) {
      expect([...seen]).toEqual(expect.arrayContaining(['CURRENCY', 'DATE', 'TWO_OPTIONS', 'OPTION_SET', 'LOOKUP']))
    }
  })

  check('create: the same key twice makes one record', async () => {
    const key = randomUUID()
    const given = { lastName: freshWord(), email: freshEmail() }
    const first = await session().create('CONTACT', given, { key })
    const second = await session().create('CONTACT', given, { key, allowDuplicate: false })
    expect(second).toEqual(first)
    const found = await session().provider.searchRecords({
      by: [{ identifier: 'EMAIL', value: given.email }],
      targets: [{ entityName: session().entityName('CONTACT'), kind: 'CONTACT', selection: nothingElse }],
      first: 10,
      region: 'US',
    })
    expect(found.targets[0]?.matches).toHaveLength(1)
  })

  check('create: a text that is too long is refused by the name of its field', async () => {
    const lastName = session().fieldName('CONTACT', 'lastName')
    const error = await errorOf(session().create('CONTACT', { lastName: 'x'.repeat(5_000) }))
    expect(error).toMatchObject({ code: 'CRM_REJECTED', outcome: 'NOT_APPLIED' })
    expect(error.fields.map(({ name }) => name)).toEqual([lastName])
  })

  check('create: a field that does not exist is refused by name', async () => {
    const kind = 'CONTACT'
    const error = await errorOf(
      session().provider.createRecord({
        entityName: session().entityName(kind),
        kind,
        values: [
          fieldValue(session().fieldName(kind, 'lastName'), 'TEXT', 'X'),
          fieldValue('no_such_field', 'TEXT', 'X'),
        ],
        key: randomUUID(),
        allowDuplicate: true,
      }),
    )
    expect(error).toMatchObject({ code: 'CRM_REJECTED', outcome: 'NOT_APPLIED', metadataDoubtful: true })
    expect(error.fields.map(({ name }) => name)).toEqual(['no_such_field'])
  })

  check('create: a record without what the CRM demands is refused by the name of the field', async () => {
    const kind = 'CONTACT'
    const error = await errorOf(
      session().provider.createRecord({
        entityName: session().entityName(kind),
        kind,
        values: [fieldValue(session().fieldName(kind, 'firstName'), 'TEXT', 'X')],
        key: randomUUID(),
        allowDuplicate: true,
      }),
    )
    expect(error).toMatchObject({ code: 'CRM_REJECTED', outcome: 'NOT_APPLIED' })
    expect(error.fields.map(({ name }) => name)).toEqual([session().fieldName(kind, 'lastName')])
  })

  check('create: an entity type that does not exist is told', async () => {
    const code = await codeOf(
      session().provider.createRecord({
        entityName: 'no_such_entity',
        kind: 'CUSTOM',
        values: [],
        key: randomUUID(),
        allowDuplicate: true,
      }),
    )
    expect(['NOT_FOUND', 'CRM_REJECTED']).toContain(code)
  })

  check('duplicates: the CRM’s own rules name the candidates, and one may insist', async () => {
    const twin = { firstName: freshWord(), lastName: freshWord(), email: freshEmail() }
    const first = await session().create('CONTACT', twin)
    const error = await errorOf(session().create('CONTACT', twin, { allowDuplicate: false }))
    expect(error).toMatchObject({ code: 'DUPLICATE', canInsist: true, outcome: 'NOT_APPLIED' })
    expect(error.duplicates.map(({ remoteId }) => remoteId)).toContain(first.remoteId)
    const second = await session().create('CONTACT', twin, { allowDuplicate: true })
    expect(second.remoteId).not.toBe(first.remoteId)
  })

  check('update: only the fields given are written', async () => {
    const given = { firstName: 'Before', lastName: freshWord(), phone: freshPhone().e164, email: freshEmail() }
    const { remoteId } = await session().create('CONTACT', given)
    await session().provider.updateRecord(contact(remoteId), {
      values: [fieldValue(session().fieldName('CONTACT', 'firstName'), 'TEXT', 'After')],
    })
    expect(await findContact(remoteId)).toMatchObject({ ...given, firstName: 'After' })
  })

  check('update: a row that has changed since it was read is a CONFLICT, and stays as it is', async () => {
    const reference = await session().create('CONTACT', { firstName: 'Before', lastName: freshWord() })
    const read = async () => {
      const selection = { attributes: ['version', 'firstName'] as const, fields: [] }
      const [record] = await session().provider.findRecords(reference.entityName, [reference.remoteId], selection)
      return record ?? null
    }
    const write = (firstName: string, expectedVersion: string | null) =>
      session().provider.updateRecord(reference, {
        values: [fieldValue(session().fieldName('CONTACT', 'firstName'), 'TEXT', firstName)],
        expectedVersion,
      })
    const asRead = (await read())?.version ?? null
    expect(asRead).not.toBeNull()
    // Salesforce tells versions apart by the second.
    await org.network?.trouble.advanceClock(2_000)
    await write('Theirs', asRead)
    await org.network?.trouble.advanceClock(2_000)
    expect(await errorOf(write('Ours', asRead))).toMatchObject({ code: 'CONFLICT', outcome: 'NOT_APPLIED' })
    const now = await read()
    expect(now?.firstName).toBe('Theirs')
    await write('Ours', now?.version ?? null)
    expect((await read())?.firstName).toBe('Ours')
  })

  check('describe: what is known is given again, and asked anew only when it is doubted', async () => {
    const entityName = session().entityName('CONTACT')
    const known = await session().provider.describeEntityType(entityName)
    expect(await session().provider.describeEntityType(entityName)).toBe(known)
    const { result, requests } = await session().count(() =>
      session().provider.describeEntityType(entityName, { fresh: true }),
    )
    expect(requests).toBeGreaterThan(0)
    expect(result).toEqual(known)
  })

  check('update: a row that is not there is NOT_FOUND, and none is made', async () => {
    const update = session().provider.updateRecord(contact(org.unknownContactId), {
      values: [fieldValue(session().fieldName('CONTACT', 'firstName'), 'TEXT', 'X')],
    })
    expect(await codeOf(update)).toBe('NOT_FOUND')
    expect(await findContact(org.unknownContactId)).toBeNull()
  })
}

/** A field as read, and a value as written, brought to the same form. */
function meaning(field: RecordFieldValue | undefined): string | undefined {
  if (field?.reference) return field.reference.remoteId
  const { raw } = field ?? {}
  if (raw === null || raw === undefined) return undefined
  const text = typeof raw === 'string' ? raw : JSON.stringify(raw)
  return text.replace(/,/g, ';')
}

function meant({ value, values, reference }: FieldValue): string | undefined {
  return reference?.remoteId ?? values?.join(';') ?? value ?? undefined
}
