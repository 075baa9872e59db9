import { afterEach, describe, expect, it } from 'vitest'
import {
  describeAnswer,
  describedField,
  keyField,
  openScriptedSalesforce,
  refusal,
  type ScriptedSalesforce,
} from '../../testing/scripted-salesforce.ts'

let org: ScriptedSalesforce

afterEach(() => org.close())

const contactId = '003dM00001vWOXJQA4'

describe('metadata', () => {
  it('is asked once, answered from memory, and revalidated in the background after ten minutes', async () => {
    let label = 'Contact'
    org = await openScriptedSalesforce((sent) => {
      if (!sent.path.endsWith('/Contact/describe')) return undefined
      if (sent.headers['if-modified-since'] === `date of ${label}`) return { status: 304 }
      const { json } = describeAnswer('Contact')
      return { json: { ...(json as object), label }, headers: { 'last-modified': `date of ${label}` } }
    })
    const read = async () => (await org.provider.describeEntityType('Contact'))?.label
    expect(await Promise.all([read(), read(), read()])).toEqual(['Contact', 'Contact', 'Contact'])
    expect(org.requests).toHaveLength(1)

    org.clock.now += 11 * 60_000
    expect(await read()).toBe('Contact')
    await expect.poll(() => org.calls.map(({ status }) => status)).toEqual([200, 304])

    label = 'Person'
    org.clock.now += 11 * 60_000
    expect(await read()).toBe('Contact')
    await expect.poll(read).toBe('Person')
    expect(org.requests).toHaveLength(3)
  })

  it('what we hold goes on to serve while the org cannot be asked', async () => {
    let broken = false
    org = await openScriptedSalesforce(() => (broken ? refusal(500, 'UNKNOWN_EXCEPTION') : undefined))
    await org.provider.describeEntityType('Contact')
    broken = true
    org.clock.now += 60 * 60_000
    expect(await org.provider.describeEntityType('Contact')).toMatchObject({ name: 'Contact' })
    await expect.poll(() => org.requests.length).toBe(2)
    expect(await org.provider.describeEntityType('Contact')).toMatchObject({ name: 'Contact' })
  })

  it('a field that is new in the org is found at the second look', async () => {
    let fields = [keyField]
    org = await openScriptedSalesforce((sent) =>
      sent.path.endsWith('/Contact/describe') ? describeAnswer('Contact', () => fields) : undefined,
    )
    const find = () => org.provider.findRecords('Contact', [contactId], { attributes: [], fields: ['New__c'] })
    await expect(find()).rejects.toMatchObject({ code: 'CRM_REJECTED', fields: [{ name: 'New__c' }] })
    fields = [keyField, describedField('New__c')]
    org.clock.now += 11_000
    expect(await find()).toEqual([null])
  })

  it('a caller that leaves while the org is asked meets an error of ours', async () => {
    const leaving = new AbortController()
    org = await openScriptedSalesforce(async () => {
      leaving.abort()
      await new Promise((resolve) => setTimeout(resolve, 20))
      return undefined
    })
    await expect(org.provider.describeEntityType('Contact', { signal: leaving.signal })).rejects.toMatchObject({
      name: 'ProviderError',
      code: 'CRM_TIMEOUT',
    })
  })

  it('who joins a describe in flight has a time of its own, whoever asked first', async () => {
    let release = () => {}
    const asked = new Promise<void>((resolve) => {
      release = resolve
    })
    org = await openScriptedSalesforce(async () => {
      await asked
      return undefined
    })
    const [hasty, patient] = [
      org.provider.describeEntityType('Contact', { timeoutMs: 20 }),
      org.provider.describeEntityType('Contact'),
    ]
    await expect(hasty).rejects.toMatchObject({ code: 'CRM_TIMEOUT' })
    release()
    expect(await patient).toMatchObject({ name: 'Contact' })
    expect(org.requests).toHaveLength(1)
  })

  it('who joins a list in flight has a time of its own too', async () => {
    let release = () => {}
    const asked = new Promise<void>((resolve) => {
      release = resolve
    })
    org = await openScriptedSalesforce(async () => {
      await asked
      return { json: { sobjects: [] } }
    })
    const [hasty, patient] = [org.provider.listEntityTypes({ timeoutMs: 20 }), org.provider.listEntityTypes()]
    await expect(hasty).rejects.toMatchObject({ code: 'CRM_TIMEOUT' })
    release()
    expect(await patient).toEqual([])
    expect(org.requests).toHaveLength(1)
  })

  it.each([null, {}, { fields: 'none' }])(
    'an answer of %j, which is not the org’s, is CRM_UNAVAILABLE',
    async (json) => {
      org = await openScriptedSalesforce(() => ({ json }))
      for (const ask of [() => org.provider.describeEntityType('Contact'), () => org.provider.listEntityTypes()]) {
        await expect(ask()).rejects.toMatchObject({ name: 'ProviderError', code: 'CRM_UNAVAILABLE' })
      }
    },
  )

  it('what cannot be the name of an object is no object, and nobody is asked', async () => {
    org = await openScriptedSalesforce()
    expect(await org.provider.describeEntityType("Contact' OR Name != '")).toBeNull()
    expect(await org.provider.findRecords('no-such', [contactId], { attributes: [], fields: [] })).toEqual([null])
    expect(org.requests).toHaveLength(0)
  })
})
