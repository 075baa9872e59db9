import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { RemoteReference } from '../model/index.ts'
import { errorOf } from './session.ts'
import type { Suite } from './suite.ts'

/** I-11: records that are not what they were. */
export function successorsSuite({ check, session, org }: Suite): void {
  const file = (regarding: RemoteReference, key: string = randomUUID()) => {
    const [activityType] = org.activityTypes
    if (activityType === undefined) throw new Error('no kind of activity')
    return session().provider.fileActivity({ key, activityType, regarding, subject: 'Chat', body: 'Ada: hello' })
  }

  check('successors: a record that is there stands for itself', async () => {
    for (const kind of ['ACCOUNT', 'CONTACT', 'LEAD'] as const) {
      expect(await session().provider.findSuccessor(await session().create(kind, {}))).toBeNull()
    }
  })

  check('successors: a record that was never there has none, and neither has one that was deleted', async () => {
    const unknown = { entityName: session().entityName('CONTACT'), remoteId: org.unknownContactId }
    const deleted = await session().create('CONTACT', {})
    await org.people.remove(deleted)
    for (const reference of [unknown, deleted, { ...unknown, remoteId: "no id' or" }]) {
      expect(await session().provider.findSuccessor(reference)).toBeNull()
    }
    expect(await errorOf(file(deleted))).toMatchObject({ code: 'CRM_RECORD_GONE', outcome: 'NOT_APPLIED' })
  })

  check('successors: one that lost a merge takes no activity and tells who won', async () => {
    for (const kind of ['ACCOUNT', 'CONTACT', 'LEAD'] as const) {
      const loser = await session().create(kind, {})
      const master = await session().create(kind, {})
      await org.people.merge(loser, master)
      expect(await errorOf(file(loser))).toMatchObject({ code: 'CRM_RECORD_GONE', outcome: 'NOT_APPLIED' })
      expect(await session().provider.findSuccessor(loser)).toEqual({ how: 'MERGED', reference: master })
      expect((await file(master)).created).toBe(true)
    }
  })

  check('successors: what was filed before a merge is found under its key afterwards', async () => {
    const loser = await session().create('CONTACT', {})
    const master = await session().create('CONTACT', {})
    const key = randomUUID()
    const before = await file(loser, key)
    await org.people.merge(loser, master)
    expect(await file(master, key)).toMatchObject({ created: false, activity: { remoteId: before.activity.remoteId } })
  })

  check('successors: of one that was merged twice each step is told', async () => {
    const [first, second, third] = await Promise.all([1, 2, 3].map(() => session().create('CONTACT', {})))
    if (!first || !second || !third) throw new Error('no contacts')
    await org.people.merge(first, second)
    await org.people.merge(second, third)
    const step = await session().provider.findSuccessor(first)
    expect(step?.reference).toEqual(second)
    expect((await session().provider.findSuccessor(second))?.reference).toEqual(third)
  })

  check('successors: a converted lead takes no activity and tells the contact, or the account', async () => {
    const [contact, account] = await Promise.all([session().create('CONTACT', {}), session().create('ACCOUNT', {})])
    for (const [into, expected] of [
      [{ contact, account }, contact],
      [{ account }, account],
    ] as const) {
      const lead = await session().create('LEAD', {})
      await org.people.convertLead(lead, into)
      expect(await errorOf(file(lead))).toMatchObject({ code: 'CRM_RECORD_GONE', outcome: 'NOT_APPLIED' })
      expect(await session().provider.findSuccessor(lead)).toEqual({ how: 'CONVERTED', reference: expected })
    }
  })
}
