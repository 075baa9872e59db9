/** The same request to make a record, when the settings changed in between. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { create } from '../rules/support/forms.ts'
import { converse } from '../rules/support/pushing.ts'
import { openRules } from '../rules/support/rules.ts'
import { providers } from './searching.ts'

const rules = openRules()

test.each(providers)(
  'ruling 9: a key that made its record in %s answers it again, whatever the settings demand by then',
  async (provider) => {
    const crm = rules.crm(provider)
    await crm.settings({})
    const { entity, last, phone } = crm.names.contact
    const { id: conversationId } = await converse(crm, 'CHAT')
    const lastName = `Again ${randomUUID().slice(0, 8)}`
    const input = { values: [{ name: last, value: lastName }], conversationId, idempotencyKey: randomUUID() }
    const made = await create(crm, entity, input)
    expect(made.record?.name).toBe(lastName)

    const { defaultFields } = (await crm.document()) as { defaultFields: { entityType: string; name: string }[] }
    const isPhone = (it: { entityType: string; name: string }) => it.entityType === entity && it.name === phone
    const required = defaultFields.map((it) => (isPhone(it) ? { ...it, required: true } : it))
    await crm.settings({ defaultFields: required })
    expect(await create(crm, entity, { ...input, idempotencyKey: randomUUID() })).toMatchObject({
      __typename: 'ValidationError',
    })
    const again = await create(crm, entity, input)
    expect(again).toMatchObject({ __typename: 'CreateRecordSuccess', record: made.record, tag: { id: made.tag?.id } })
    expect(await crm.control.records(entity, { [last]: lastName })).toHaveLength(1)

    // Another input is refused as before.
    const other = await create(crm, entity, { ...input, values: [{ name: last, value: 'Other' }] })
    expect(other.__typename).not.toBe('CreateRecordSuccess')
  },
)
