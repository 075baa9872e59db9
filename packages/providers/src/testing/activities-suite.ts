import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { ActivityDraft, ActivityType } from '../model/index.ts'
import { codeOf, errorOf } from './session.ts'
import type { Suite } from './suite.ts'

export function activitiesSuite({ check, session, org }: Suite): void {
  async function draft(activityType: ActivityType, given: Partial<ActivityDraft> = {}): Promise<ActivityDraft> {
    const regarding = given.regarding ?? (await session().create('CONTACT', {}))
    return { key: randomUUID(), activityType, subject: 'Chat | Web', body: 'Ada: hello', ...given, regarding }
  }

  const closable = () => org.activityTypes.filter(({ type }) => type !== 'NOTE')

  check('activities: each kind is filed with its text, and read back as it was', async () => {
    const body = 'Ada: <b>hi</b> & "good" \'day\' \\ 😀\nBob: 1 < 2\n\n  indented, 100 %\n'
    for (const type of org.activityTypes) {
      const filing = await draft(type, { body, subject: 'Chat | <West> & "East"' })
      const { activity, created } = await session().provider.fileActivity(filing)
      expect(created).toBe(true)
      expect(activity).toMatchObject({ body, closed: false, subject: filing.subject })
      expect(activity.url).toMatch(/^https?:\/\//)
      expect(await session().provider.findActivity(type, activity.remoteId)).toMatchObject({ body, closed: false })
    }
  })

  check('activities: every kind of record can have one', async () => {
    for (const kind of ['ACCOUNT', 'CONTACT', 'LEAD'] as const) {
      const regarding = await session().create(kind, {})
      for (const type of org.activityTypes) {
        expect((await session().provider.fileActivity(await draft(type, { regarding }))).created).toBe(true)
      }
    }
  })

  check('activities: filing twice with one key makes one, and leaves it untouched', async () => {
    for (const type of org.activityTypes) {
      const filing = await draft(type)
      const first = await session().provider.fileActivity(filing)
      const second = await session().provider.fileActivity({ ...filing, body: 'other text' })
      expect(second.created).toBe(false)
      expect(second.activity).toMatchObject({ remoteId: first.activity.remoteId, body: filing.body })
    }
  })

  check('activities: filing at the same moment with one key makes one', async () => {
    for (const type of org.activityTypes) {
      const filing = await draft(type)
      const both = await Promise.all([
        session().provider.fileActivity(filing),
        session().another().fileActivity(filing),
      ])
      expect(new Set(both.map(({ activity }) => activity.remoteId)).size).toBe(1)
      expect(both.filter(({ created }) => created)).toHaveLength(1)
    }
  })

  check('activities: one is found by its key, and none is null', async () => {
    for (const type of org.activityTypes) {
      const filing = await draft(type)
      expect(await session().provider.findActivityByKey(type, filing.key)).toBeNull()
      const { activity } = await session().provider.fileActivity(filing)
      const found = await session().provider.findActivityByKey(type, filing.key)
      expect(found).toMatchObject({ remoteId: activity.remoteId, body: filing.body })
    }
  })

  check('activities: one that is gone is null', async () => {
    for (const type of org.activityTypes) {
      expect(await session().provider.findActivity(type, org.unknownContactId)).toBeNull()
    }
  })

  check('activities: a record that is gone is told, and nothing is filed', async () => {
    const [type] = org.activityTypes
    if (type === undefined) throw new Error('no kind of activity')
    const regarding = { entityName: session().entityName('CONTACT'), remoteId: org.unknownContactId }
    const filing = await draft(type, { regarding })
    const error = await errorOf(session().provider.fileActivity(filing))
    expect(error).toMatchObject({ code: 'CRM_RECORD_GONE', outcome: 'NOT_APPLIED' })
    expect(await session().provider.findActivityByKey(type, filing.key)).toBeNull()
  })

  check('activities: the text is replaced whole', async () => {
    for (const type of org.activityTypes) {
      const { activity } = await session().provider.fileActivity(await draft(type))
      const changed = await session().provider.updateActivity(type, activity.remoteId, {
        body: 'Ada: hello\nBob: hello & <good> day',
        expectedVersion: activity.version,
      })
      expect(changed).toMatchObject({ body: 'Ada: hello\nBob: hello & <good> day', closed: false })
      expect(await session().provider.findActivity(type, activity.remoteId)).toEqual(changed)
    }
  })

  check('activities: a text that somebody changed meanwhile is a CONFLICT and stays', async () => {
    for (const type of org.activityTypes) {
      const { activity } = await session().provider.fileActivity(await draft(type))
      // Salesforce compares whole seconds (crm-apis.md 2.10).
      await org.network?.trouble.advanceClock(3_000)
      await session().provider.updateActivity(type, activity.remoteId, { body: 'theirs' })
      await org.network?.trouble.advanceClock(3_000)
      const late = session().provider.updateActivity(type, activity.remoteId, {
        body: 'ours',
        expectedVersion: activity.version,
      })
      expect(await codeOf(late)).toBe('CONFLICT')
      expect((await session().provider.findActivity(type, activity.remoteId))?.body).toBe('theirs')
    }
  })

  check('activities: the longest text fits, one more letter is refused', async () => {
    for (const type of closable()) {
      const { bodyMaxLength = 0 } = (await session().provider.describeActivityType(type)) ?? {}
      const longest = await session().provider.fileActivity(await draft(type, { body: 'x'.repeat(bodyMaxLength) }))
      expect(longest.activity.body).toHaveLength(bodyMaxLength)
      const error = await errorOf(
        session().provider.fileActivity(await draft(type, { body: 'x'.repeat(bodyMaxLength + 1) })),
      )
      expect(error).toMatchObject({ code: 'CRM_REJECTED', outcome: 'NOT_APPLIED' })
    }
  })

  check('activities: a text of the allowed length fits, whatever it is made of', async () => {
    for (const type of org.activityTypes) {
      const { bodyMaxLength = 0 } = (await session().provider.describeActivityType(type)) ?? {}
      for (const character of ['<', '&', 'é', '漢']) {
        const body = character.repeat(Math.min(bodyMaxLength, 100_000))
        const { activity } = await session().provider.fileActivity(await draft(type, { body }))
        expect(activity.body === body).toBe(true)
      }
    }
  })

  check('activities: closing keeps the text, and closing again changes nothing', async () => {
    for (const type of closable()) {
      const { activity } = await session().provider.fileActivity(await draft(type))
      const change = { body: 'Ada: bye', close: true }
      expect(await session().provider.updateActivity(type, activity.remoteId, change)).toMatchObject({
        body: 'Ada: bye',
        closed: true,
      })
      expect(await session().provider.updateActivity(type, activity.remoteId, { close: true })).toMatchObject({
        body: 'Ada: bye',
        closed: true,
      })
      expect(await session().provider.findActivity(type, activity.remoteId)).toMatchObject({ closed: true })
    }
  })

  check('activities: a note has no state: closing it is CRM_NOT_CLOSABLE', async () => {
    for (const type of org.activityTypes.filter((each) => each.type === 'NOTE')) {
      const { activity } = await session().provider.fileActivity(await draft(type))
      expect(await codeOf(session().provider.updateActivity(type, activity.remoteId, { close: true }))).toBe(
        'CRM_NOT_CLOSABLE',
      )
    }
  })

  check('activities: changing one that is gone is NOT_FOUND, and none is made', async () => {
    for (const type of org.activityTypes) {
      const change = session().provider.updateActivity(type, org.unknownContactId, { body: 'x' })
      expect(await codeOf(change)).toBe('NOT_FOUND')
      expect(await session().provider.findActivity(type, org.unknownContactId)).toBeNull()
    }
  })
}
