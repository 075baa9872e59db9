import { describe, expect, it } from 'vitest'
import { ProviderError } from '../../errors.ts'
import type { FieldValue } from '../../model/index.ts'
import type { CreateRecordRequest } from '../../provider.ts'
import { openScriptedDynamics, refusal, type ScriptedDynamics } from '../../testing/scripted-dynamics.ts'

const key = '0d5c2f1e-6f0a-5b0e-9c51-2f6f3f1a7c11'
const accountId = '78914942-34cb-ed11-b596-0022481d68cd'
const text = (name: string, value: string): FieldValue => ({ name, type: 'TEXT', value, values: null, reference: null })
const request = (more: Partial<CreateRecordRequest> = {}): CreateRecordRequest => ({
  entityName: 'contact',
  kind: 'CONTACT',
  values: [text('lastname', 'Smith'), text('emailaddress1', "o'neil@x.example")],
  key: key.toUpperCase(),
  allowDuplicate: false,
  ...more,
})

describe('creating a record in Dynamics', () => {
  it('takes our key as primary key, never overwrites, and lets the org’s duplicate rules speak', async () => {
    const { provider, data } = await openScriptedDynamics(() => ({ status: 204 }))
    expect(await provider.createRecord(request())).toEqual({ entityName: 'contact', remoteId: key })
    expect(data()).toHaveLength(1)
    expect(data()[0]).toMatchObject({ method: 'PATCH', path: `/api/data/v9.2/contacts(${key})` })
    expect(data()[0]?.headers).toMatchObject({ 'if-none-match': '*', 'mscrm.suppressduplicatedetection': 'false' })
    expect(JSON.parse(data()[0]?.body ?? '')).toEqual({ lastname: 'Smith', emailaddress1: "o'neil@x.example" })
    await provider.createRecord(request({ allowDuplicate: true }))
    expect(data()[1]?.headers).not.toHaveProperty('mscrm.suppressduplicatedetection')
  })

  it('binds a lookup by the property of its target', async () => {
    const { provider, data } = await openScriptedDynamics(() => ({ status: 204 }))
    const reference = { entityName: 'account', remoteId: accountId }
    const values = [{ name: 'parentcustomerid', type: 'LOOKUP' as const, value: null, values: null, reference }]
    await provider.createRecord(request({ values }))
    expect(JSON.parse(data()[0]?.body ?? '')).toEqual({
      'parentcustomerid_account@odata.bind': `/accounts(${accountId})`,
    })
  })

  it('is a success where our key is there from an earlier try, and a CONFLICT where it is not', async () => {
    const there = await openScriptedDynamics(({ method }) =>
      method === 'PATCH' ? refusal(412, '0x80040237') : { json: { contactid: key } },
    )
    expect(await there.provider.createRecord(request())).toEqual({ entityName: 'contact', remoteId: key })
    const absent = await openScriptedDynamics(({ method }) =>
      method === 'PATCH' ? refusal(412, '') : refusal(404, '0x80040217'),
    )
    await expect(absent.provider.createRecord(request())).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('names the candidates that the duplicate rules may have found, and that one may insist', async () => {
    const twin = { contactid: accountId, fullname: 'Pat O’Neil' }
    const { provider, data } = await openScriptedDynamics(({ method, path }) => {
      if (method === 'PATCH') return refusal(500, '0x80040333')
      return path.endsWith('/contacts') ? { json: { value: [twin] } } : refusal(404, '0x80040217')
    })
    await expect(provider.createRecord(request())).rejects.toMatchObject({
      code: 'DUPLICATE',
      providerCode: '0x80040333',
      outcome: 'NOT_APPLIED',
      canInsist: true,
      duplicates: [{ entityName: 'contact', remoteId: accountId, name: 'Pat O’Neil' }],
    })
    expect(data().at(-1)?.query.get('$filter')).toBe("emailaddress1 eq 'o''neil@x.example'")
  })

  it('is no duplicate of what an earlier try of the same key has made', async () => {
    const { provider } = await openScriptedDynamics(({ method }) =>
      method === 'PATCH' ? refusal(412, '0x80040333') : { json: { contactid: key } },
    )
    expect(await provider.createRecord(request())).toEqual({ entityName: 'contact', remoteId: key })
  })

  it('sends nothing where a value cannot be written, and says which', async () => {
    const { provider, data } = await openScriptedDynamics(() => ({ status: 204 }))
    await expect(provider.createRecord(request({ values: [text('nothing', 'x')] }))).rejects.toMatchObject({
      code: 'CRM_REJECTED',
      fields: [{ name: 'nothing' }],
    })
    await expect(provider.createRecord(request({ entityName: 'no_such' }))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(data()).toHaveLength(0)
  })

  it('blames a lookup for a record that is missing: the new one cannot be', async () => {
    const { provider } = await openScriptedDynamics(() => refusal(404, '0x80040217'))
    await expect(provider.createRecord(request())).rejects.toMatchObject({ code: 'CRM_REJECTED' })
  })
})

type Write = (provider: ScriptedDynamics['provider']) => Promise<unknown>

describe.each<[string, Write]>([
  ['create', (provider) => provider.createRecord(request())],
  [
    'update',
    (provider) => provider.updateRecord({ entityName: 'contact', remoteId: key }, { values: [text('lastname', 'S')] }),
  ],
])('what is known of a table, after a refused %s,', (_, write) => {
  it.each([
    ['0x80044331', 'a text is too long'],
    ['0x8004432f', 'a number is too large'],
    ['0x80040265', 'a plug-in says no'],
    ['0x80040203', 'a value is refused'],
    ['0x8fffffff', 'nobody knows why'],
  ])('stays where the CRM says %s: %s', async (code) => {
    const { provider, requests } = await openScriptedDynamics(() => refusal(400, code))
    for (let i = 0; i < 2; i += 1) await expect(write(provider)).rejects.toMatchObject({ code: 'CRM_REJECTED' })
    // One batch for the table, and the two writes.
    expect(requests).toHaveLength(3)
  })

  it.each([
    [400, '0x80060888', 'a field is not there'],
    [400, '0x80048D19', 'a field is not there, or is of another type'],
    [400, '0x8004431A', 'an option is not there'],
    [404, '0x8006088a', 'the table is not there'],
  ])('is asked again where the CRM says %i %s: %s', async (status, code) => {
    const { provider, requests } = await openScriptedDynamics(() => refusal(status, code))
    for (let i = 0; i < 2; i += 1) await expect(write(provider)).rejects.toBeInstanceOf(ProviderError)
    expect(requests).toHaveLength(4)
  })
})

describe('changing a record in Dynamics', () => {
  it('never creates one', async () => {
    const { provider, data } = await openScriptedDynamics(() => refusal(404, '0x80040217'))
    const update = provider.updateRecord(
      { entityName: 'contact', remoteId: key },
      { values: [text('lastname', 'Smyth')] },
    )
    await expect(update).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(data()[0]?.headers).toMatchObject({ 'if-match': '*' })
    await expect(
      provider.updateRecord({ entityName: 'contact', remoteId: '../x' }, { values: [] }),
    ).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    expect(data()).toHaveLength(1)
  })
})
