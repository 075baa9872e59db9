import { afterEach, describe, expect, it } from 'vitest'
import type { ActivityDraft } from '../../model/index.ts'
import {
  describeAnswer,
  describeWithout,
  type Overrule,
  openScriptedSalesforce,
  refusal,
  rows,
  type ScriptedSalesforce,
} from '../../testing/scripted-salesforce.ts'

let org: ScriptedSalesforce

afterEach(() => org.close())

const key = 'd5f6a1c2-0000-5000-8000-000000000001'
const contactId = '003dM00001vWOXJQA4'
const taskId = '00TdM00000abcdeUAA'
const created = (id: string) => ({ status: 201, json: { id, success: true, errors: [] } })
const bodies = () =>
  org.requests.filter(({ method }) => method !== 'GET').map(({ body }) => JSON.parse(body) as unknown)

describe('filing a conversation', () => {
  const draft: ActivityDraft = {
    key,
    activityType: { type: 'TASK' },
    regarding: { entityName: 'Contact', remoteId: contactId },
    subject: 'Alive SMS',
    body: "Hello\n@{t.id} it's me",
  }
  const task = (more: Record<string, unknown> = {}) => ({
    Id: taskId,
    Subject: draft.subject,
    Description: draft.body,
    IsClosed: false,
    LastModifiedDate: '2026-05-01T07:25:37.000+0000',
    ...more,
  })
  const isPost: Overrule = ({ method, path }) =>
    method === 'POST' && path.endsWith('/sobjects/Task') ? created(taskId) : undefined

  it.each([
    ['Contact', 'WhoId'],
    ['Lead', 'WhoId'],
    ['Account', 'WhatId'],
    ['Vehicle__c', 'WhatId'],
  ])('a task of a %s points at it by %s', async (entityName, member) => {
    org = await openScriptedSalesforce(
      (sent) => isPost(sent) ?? (sent.path.endsWith('/query') ? rows(task()) : undefined),
    )
    const filed = await org.provider.fileActivity({ ...draft, regarding: { entityName, remoteId: contactId } })
    expect(filed).toMatchObject({
      created: true,
      activity: { remoteId: taskId, body: draft.body, closed: false, version: '2026-05-01T07:25:37.000Z' },
    })
    expect(bodies()).toEqual([
      { Subject: 'Alive SMS', Description: draft.body, [member]: contactId, Backchannel_Key__c: key },
    ])
  })

  it('F17: a second time answers the first task as it is now', async () => {
    org = await openScriptedSalesforce((sent) => {
      if (sent.method === 'POST') return refusal(400, 'DUPLICATE_VALUE')
      return sent.path.endsWith('/query') ? rows(task({ Description: 'a person wrote here' })) : undefined
    })
    const filed = await org.provider.fileActivity(draft)
    expect(filed).toMatchObject({ created: false, activity: { body: 'a person wrote here' } })
  })

  it('it is filed although reading it back failed', async () => {
    org = await openScriptedSalesforce(
      (sent) => isPost(sent) ?? (sent.path.endsWith('/query') ? refusal(500, 'UNKNOWN_EXCEPTION') : undefined),
    )
    expect(await org.provider.fileActivity(draft)).toMatchObject({
      created: true,
      activity: { remoteId: taskId, subject: 'Alive SMS', body: draft.body, version: null },
    })
  })

  it.each([
    ['CallObject', ['Backchannel_Key__c'], { CallObject: key }, `CallObject = '${key}'`],
    [
      'the subject',
      ['Backchannel_Key__c', 'CallObject'],
      { Subject: `Alive SMS [key:${key}]` },
      `Subject LIKE '%[key:${key}]%'`,
    ],
  ])('without a key field the key goes into %s and is looked for first', async (_, missing, marked, condition) => {
    let there = false
    org = await openScriptedSalesforce((sent) => {
      if (sent.path.endsWith('/Task/describe')) return describeWithout('Task', ...missing)
      if (sent.method === 'POST') there = true
      return isPost(sent) ?? (there && sent.path.endsWith('/query') ? rows(task(marked)) : undefined)
    })
    const first = await org.provider.fileActivity(draft)
    const second = await org.provider.fileActivity(draft)
    expect([first.created, second.created]).toEqual([true, false])
    expect(second.activity).toEqual(first.activity)
    expect(first.activity.subject).toBe('Alive SMS')
    expect(bodies()).toEqual([expect.objectContaining(marked)])
    expect(org.data()[0]?.query.get('q')).toContain(condition)
    expect((await org.provider.capabilities()).keyedActivities).toBe(false)
  })

  it('F17: a key field that is not unique is none: the key is looked for, and the check says so', async () => {
    org = await openScriptedSalesforce((sent) =>
      sent.path.endsWith('/Task/describe')
        ? describeAnswer('Task', (fields) =>
            fields.map((field) => (field.name === 'Backchannel_Key__c' ? { ...field, unique: false } : field)),
          )
        : (isPost(sent) ?? (sent.path.endsWith('/userinfo') ? { json: { name: 'Ada' } } : undefined)),
    )
    await org.provider.fileActivity(draft)
    expect(org.data()[0]?.query.get('q')).toContain(`CallObject = '${key}'`)
    expect(bodies()).toEqual([expect.not.objectContaining({ Backchannel_Key__c: key })])
    expect((await org.provider.capabilities()).keyedActivities).toBe(false)
    expect((await org.provider.checkCredentials()).problems).toEqual([
      { code: 'NOT_FOUND', message: expect.stringContaining('Backchannel_Key__c that is an external ID and unique') },
    ])
  })

  it('a subject that carries the key has so much less room for words', async () => {
    org = await openScriptedSalesforce((sent) =>
      sent.path.endsWith('/Task/describe') ? describeWithout('Task', 'Backchannel_Key__c', 'CallObject') : undefined,
    )
    const described = await org.provider.describeActivityType({ type: 'TASK' })
    expect(described).toEqual({ subjectMaxLength: 255 - ` [key:${key}]`.length, bodyMaxLength: 32_000, closable: true })
    expect(await org.provider.describeActivityType({ type: 'NOTE' })).toBeNull()
  })

  it.each([
    ['with a key field can be asked again', [], 'CRM_UNAVAILABLE'],
    ['without one is said to be unknown', ['Backchannel_Key__c'], 'CRM_OUTCOME_UNKNOWN'],
  ])('a lost answer %s', async (_, missing, code) => {
    org = await openScriptedSalesforce((sent) => {
      if (sent.path.endsWith('/Task/describe')) return describeWithout('Task', ...missing)
      return sent.method === 'POST' ? { drop: true } : undefined
    })
    await expect(org.provider.fileActivity(draft)).rejects.toMatchObject({ code, outcome: 'UNKNOWN' })
  })

  it.each(['INVALID_CROSS_REFERENCE_KEY', 'ENTITY_IS_DELETED'])('%s: the record is gone', async (code) => {
    org = await openScriptedSalesforce((sent) => (sent.method === 'POST' ? refusal(400, code) : undefined))
    await expect(org.provider.fileActivity(draft)).rejects.toMatchObject({ code: 'CRM_RECORD_GONE' })
  })

  it('text and closing are one write with the org’s own closed status, on condition that nobody wrote since', async () => {
    org = await openScriptedSalesforce((sent) => {
      if (sent.method === 'PATCH') return { status: 204 }
      if (sent.query.get('q')?.includes('FROM TaskStatus')) return rows({ ApiName: 'Erledigt' })
      return sent.path.endsWith('/query') ? rows(task({ Description: 'all', IsClosed: true })) : undefined
    })
    const change = { body: 'all', close: true, expectedVersion: '2026-05-01T07:25:37.400Z' }
    expect(await org.provider.updateActivity({ type: 'TASK' }, taskId, change)).toMatchObject({
      body: 'all',
      closed: true,
    })
    expect(bodies()).toEqual([{ Description: 'all', Status: 'Erledigt' }])
    const patch = org.data().find(({ method }) => method === 'PATCH')
    expect(patch?.headers['if-unmodified-since']).toBe('Fri, 01 May 2026 07:25:38 GMT')
  })

  it('a write that could not be read back has an unknown outcome', async () => {
    org = await openScriptedSalesforce((sent) => {
      if (sent.method === 'PATCH') return { status: 204 }
      return sent.path.endsWith('/query') ? refusal(500, 'UNKNOWN_EXCEPTION') : undefined
    })
    await expect(org.provider.updateActivity({ type: 'TASK' }, taskId, { body: 'x' })).rejects.toMatchObject({
      code: 'CRM_UNAVAILABLE',
      outcome: 'UNKNOWN',
    })
  })

  it('a change in the meantime is a CONFLICT; a note can neither be closed nor found here', async () => {
    org = await openScriptedSalesforce((sent) => (sent.method === 'PATCH' ? { status: 412 } : undefined))
    const update = (type: 'TASK' | 'NOTE', close: boolean) =>
      org.provider.updateActivity({ type }, taskId, { body: 'x', close, expectedVersion: '2026-05-01T07:25:37Z' })
    await expect(update('TASK', false)).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(update('NOTE', true)).rejects.toMatchObject({ code: 'CRM_NOT_CLOSABLE' })
    await expect(update('NOTE', false)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(org.data()).toHaveLength(1)
  })
})
