import { describe, expect, it } from 'vitest'
import type { ActivityDraft, ActivityType } from '../../model/index.ts'
import { openScriptedDynamics, refusal } from '../../testing/scripted-dynamics.ts'
import type { ScriptedRequest } from '../../testing/scripted-server.ts'

const key = '0d5c2f1e-6f0a-5b0e-9c51-2f6f3f1a7c11'
const contactId = '70bf4d48-34cb-ed11-b596-0022481d68cd'
const draft = (activityType: ActivityType): ActivityDraft => ({
  key,
  activityType,
  regarding: { entityName: 'contact', remoteId: contactId },
  subject: 'Alive Chat',
  body: 'Ann: 3 < 4 & 5',
})
const task = { '@odata.etag': 'W/"1"', activityid: key, subject: 'Alive Chat', description: 'x', statecode: 0 }
const isLook = ({ path }: ScriptedRequest) => path.includes('/contacts(')
/** The contact is what it was; everything else is answered as a test says. */
const openOrg = (answer: Parameters<typeof openScriptedDynamics>[0]) =>
  openScriptedDynamics((request) => (isLook(request) ? { json: { merged: false } } : answer(request)))
const json = (request: ScriptedRequest | undefined): unknown => JSON.parse(request?.body ?? 'null')

describe('filing in Dynamics', () => {
  it('D-SAV-03: a note is created under our key in one write, its text safe from becoming markup', async () => {
    const { provider, data } = await openOrg(({ body }) => ({
      status: 201,
      json: { '@odata.etag': 'W/"7"', annotationid: key, subject: 'Alive Chat', notetext: JSON.parse(body).notetext },
    }))
    const { activity, created } = await provider.fileActivity(draft({ type: 'NOTE' }))
    const [look, write, ...others] = data()
    expect(others).toEqual([])
    expect(look?.query.get('$select')).toBe('merged,_masterid_value')
    expect(write).toMatchObject({ method: 'PATCH', path: `/api/data/v9.2/annotations(${key})` })
    expect(write?.headers).toMatchObject({ 'if-none-match': '*', prefer: 'return=representation' })
    expect(json(write)).toEqual({
      subject: 'Alive Chat',
      notetext: 'Ann: 3 &lt; 4 &amp; 5',
      'objectid_contact@odata.bind': `/contacts(${contactId})`,
    })
    expect(created).toBe(true)
    expect(activity).toMatchObject({ remoteId: key, body: 'Ann: 3 < 4 & 5', closed: false, version: 'W/"7"' })
    expect(activity.url).toContain(`etn=annotation&id=${key}`)
  })

  it('a task is tied to its record without asking for metadata; a custom activity by the org’s own names', async () => {
    const { provider, data, requests } = await openOrg(() => ({ status: 201, json: task }))
    await provider.fileActivity(draft({ type: 'TASK' }))
    expect(requests).toHaveLength(2)
    expect(json(requests[1])).toHaveProperty('regardingobjectid_contact_task@odata.bind')
    await provider.fileActivity(draft({ type: 'CUSTOM', entityName: 'new_chatsession' }))
    expect(data()[3]?.path).toBe(`/api/data/v9.2/new_chatsessions(${key})`)
    expect(json(data()[3])).toHaveProperty('regardingobjectid_new_Contact_chatsession@odata.bind')
  })

  it('F17: a key that is there already answers what is there, untouched', async () => {
    const { provider, requests } = await openOrg(({ method }) =>
      method === 'PATCH' ? refusal(412, '0x80040237') : { json: { ...task, description: 'earlier' } },
    )
    const { activity, created } = await provider.fileActivity(draft({ type: 'TASK' }))
    expect({ created, body: activity.body }).toEqual({ created: false, body: 'earlier' })
    expect(requests.map(({ method }) => method)).toEqual(['GET', 'PATCH', 'GET'])
  })

  it('a server that answers a write with nothing is asked what it holds', async () => {
    const { provider, requests } = await openOrg(({ method }) =>
      method === 'PATCH' ? { status: 204 } : { json: task },
    )
    expect(await provider.fileActivity(draft({ type: 'TASK' }))).toMatchObject({
      created: true,
      activity: { body: 'x' },
    })
    expect(requests.map(({ method }) => method)).toEqual(['GET', 'PATCH', 'GET'])
  })

  it('an activity type that is gone is not taken for a record that is', async () => {
    const { provider } = await openOrg(() => refusal(404, '0x8006088a'))
    const filing = provider.fileActivity(draft({ type: 'CUSTOM', entityName: 'new_chatsession' }))
    await expect(filing).rejects.toMatchObject({ code: 'NOT_FOUND', metadataDoubtful: true })
  })

  it('a record that is gone is CRM_RECORD_GONE, a name that is no activity NOT_FOUND', async () => {
    const { provider, data } = await openOrg(() => refusal(404, '0x80040217'))
    await expect(provider.fileActivity(draft({ type: 'TASK' }))).rejects.toMatchObject({ code: 'CRM_RECORD_GONE' })
    for (const entityName of ['contact', 'nothing', "x' or '"]) {
      await expect(provider.fileActivity(draft({ type: 'CUSTOM', entityName }))).rejects.toMatchObject({
        code: 'NOT_FOUND',
      })
    }
    expect(data().map(({ method }) => method)).toEqual(['GET', 'PATCH'])
  })

  it('a record that is deleted or merged is not filed on at all', async () => {
    const master = '11111111-34cb-ed11-b596-0022481d68cd'
    for (const answer of [refusal(404, '0x80040217'), { json: { merged: true, _masterid_value: master } }]) {
      const { provider, data } = await openScriptedDynamics(() => answer)
      await expect(provider.fileActivity(draft({ type: 'NOTE' }))).rejects.toMatchObject({
        code: 'CRM_RECORD_GONE',
        outcome: 'NOT_APPLIED',
      })
      expect(data().map(({ method }) => method)).toEqual(['GET'])
    }
  })

  it.each([
    ['hides the columns of merging', refusal(400, '0x80060888')],
    ['lets us write but not read', refusal(403, '0x80048306')],
  ])('an org that %s is filed in all the same', async (_, answer) => {
    const { provider } = await openScriptedDynamics((request) =>
      isLook(request) ? answer : { status: 201, json: task },
    )
    expect((await provider.fileActivity(draft({ type: 'TASK' }))).created).toBe(true)
  })

  it('a qualified lead that names nothing is asked for by its contact, then its account; without either it is itself', async () => {
    const lead = { entityName: 'lead', remoteId: contactId }
    const { provider, data } = await openScriptedDynamics(({ path }) =>
      path.endsWith('/contacts') || path.endsWith('/accounts')
        ? { json: { value: [] } }
        : { json: { merged: false, statecode: 1, _parentcontactid_value: null } },
    )
    expect(await provider.findSuccessor(lead)).toBeNull()
    expect(data().map(({ query }) => query.get('$filter'))).toEqual([
      null,
      `_originatingleadid_value eq ${contactId}`,
      `_originatingleadid_value eq ${contactId}`,
    ])
    const made = await openScriptedDynamics(({ path }) =>
      path.endsWith('/contacts')
        ? { json: { value: [{ contactid: key }] } }
        : { json: { merged: false, statecode: 1, _parentcontactid_value: null } },
    )
    expect(await made.provider.findSuccessor(lead)).toEqual({
      how: 'CONVERTED',
      reference: { entityName: 'contact', remoteId: key },
    })
  })
})

describe('bringing an activity up to date', () => {
  it('replaces the text only where it is what we read, then closes with the org’s own numbers', async () => {
    const { provider, data } = await openScriptedDynamics(({ body }) => ({ json: { ...task, ...JSON.parse(body) } }))
    const change = { body: 'whole', close: true, expectedVersion: 'W/"1"' }
    expect(await provider.updateActivity({ type: 'TASK' }, key, change)).toMatchObject({ closed: true })
    expect(data().map((request) => [request.headers['if-match'], json(request)])).toEqual([
      ['W/"1"', { description: 'whole' }],
      ['*', { statecode: 1, statuscode: 5 }],
    ])
    await provider.updateActivity({ type: 'CUSTOM', entityName: 'new_chatsession' }, key, { close: true })
    expect(json(data()[2])).toEqual({ statecode: 1, statuscode: 2 })
  })

  it.each([
    ['closing it is refused', ({ body }: ScriptedRequest) => body.includes('statecode'), { body: 'x', close: true }],
    ['it cannot be read then', ({ method }: ScriptedRequest) => method === 'GET', { body: 'x' }],
  ])('a text that went through is not denied where %s', async (_, fails, change) => {
    const { provider } = await openScriptedDynamics((request) => {
      if (fails(request)) return refusal(429, '0x80072322')
      return request.method === 'GET' ? { json: task } : { status: 204 }
    })
    await expect(provider.updateActivity({ type: 'TASK' }, key, change)).rejects.toMatchObject({
      code: 'CRM_RATE_LIMITED',
      outcome: 'UNKNOWN',
    })
  })

  it('D-CLO-07: closing a note is refused with the fixed sentence, and nothing is sent', async () => {
    const { provider, requests } = await openScriptedDynamics(() => ({ json: task }))
    await expect(provider.updateActivity({ type: 'NOTE' }, key, { body: 'x', close: true })).rejects.toMatchObject({
      code: 'CRM_NOT_CLOSABLE',
      message: "the 'setstatedynamicentity' method does not support entities of type 'annotation'.",
      outcome: 'NOT_APPLIED',
    })
    expect(requests).toHaveLength(0)
  })

  it('is a CONFLICT where somebody else wrote, and NOT_FOUND where it is gone', async () => {
    const changed = await openScriptedDynamics(() => refusal(412, '0x80060882'))
    const change = { body: 'x', expectedVersion: 'W/"1"' }
    await expect(changed.provider.updateActivity({ type: 'TASK' }, key, change)).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    const gone = await openScriptedDynamics(() => refusal(404, '0x80040217'))
    await expect(gone.provider.updateActivity({ type: 'TASK' }, key, change)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    expect(await gone.provider.findActivityByKey({ type: 'TASK' }, key)).toBeNull()
  })
})
