import { expect } from 'vitest'
import { end } from '../gateway/conversing.ts'
import { autoChatPush, autoSmsPush, begin, newPhone, putPerson } from './support/matching.ts'
import { type Channel, converse, heldOf, makeRecord, pushTo, settled, tagTo } from './support/pushing.ts'
import { openRules, type RuleCrm } from './support/rules.ts'

const { twins } = openRules()

const salesforce = (row: string, outcome: string, run: (crm: RuleCrm) => Promise<void>) =>
  twins({ SALESFORCE: row }, outcome, run)

const channels = ['CHAT', 'SMS'] as const satisfies Channel[]

async function subjectOf(it: RuleCrm, conversation: Parameters<typeof heldOf>[2]): Promise<string> {
  const [activity] = await heldOf(it, 'Task', conversation)
  if (!activity) throw new Error('Nothing was filed')
  return activity.subject
}

for (const channel of channels) {
  salesforce('S-SFX-01', `the subject of ${channel} ends with it`, async (it) => {
    await it.settings({ subjectSuffix: 'Web' })
    const conversation = await converse(it, channel)
    await pushTo(it, conversation, await makeRecord(it))
    expect(await subjectOf(it, conversation)).toMatch(/Web$/)
  })
}

salesforce('S-SFX-02', 'it is there where a person tagged', async (it) => {
  await it.settings({ subjectSuffix: 'Web' })
  const chat = await converse(it, 'CHAT', { runs: true })
  await tagTo(it, chat, [await makeRecord(it)], { afterEnd: true })
  await end(it.running, chat)
  await settled(it, chat)
  expect(await subjectOf(it, chat)).toMatch(/Web$/)
})

for (const channel of channels) {
  salesforce('S-SFX-02', `it is there where a rule tagged a ${channel}`, async (it) => {
    await it.settings({
      ...{ subjectSuffix: 'Web', fetchCrmData: true, autoSmsPush: autoSmsPush(it) },
      autoChatPush: autoChatPush(it, ['PHONE'], true),
    })
    const phone = newPhone()
    await putPerson(it, 'CONTACT', { phone })
    const { conversation, state } = await begin(it, channel, { phone })
    expect(state.tags).toMatchObject([{ automatic: true }])
    await end(it.running, conversation)
    await settled(it, conversation)
    expect(await subjectOf(it, conversation)).toMatch(/Web$/)
  })
}

salesforce('S-SFX-03', 'it is there for a record that was made and for one that was tagged', async (it) => {
  await it.settings({ subjectSuffix: 'Web' })
  const made = await converse(it, 'SMS')
  await makeRecord(it, 'CONTACT', { conversationId: made.id })
  await settled(it, made)
  const tagged = await converse(it, 'SMS')
  await pushTo(it, tagged, await makeRecord(it))
  for (const conversation of [made, tagged]) expect(await subjectOf(it, conversation)).toMatch(/Web$/)
})

salesforce('S-SFX-04', 'it follows the subject behind a pipe, with a blank on either side', async (it) => {
  const plain = await converse(it, 'SMS')
  await pushTo(it, plain, await makeRecord(it))
  await it.settings({ subjectSuffix: '  Web   site ' })
  const suffixed = await converse(it, 'SMS')
  await pushTo(it, suffixed, await makeRecord(it))
  expect(await subjectOf(it, suffixed)).toBe(`${await subjectOf(it, plain)} | Web site`)
})

for (const subjectSuffix of [null, '', '   ']) {
  salesforce('S-SFX-05', `without one (${JSON.stringify(subjectSuffix)}) there is no pipe`, async (it) => {
    await it.settings({ subjectSuffix })
    const conversation = await converse(it, 'CHAT')
    await pushTo(it, conversation, await makeRecord(it))
    expect(await subjectOf(it, conversation)).not.toContain('|')
  })
}

for (const channel of channels) {
  salesforce('S-SFX-06', `a changed subject of ${channel} has it too`, async (it) => {
    await it.settings({
      subjectSuffix: 'Web',
      allowActivitySubjectChange: true,
      backendFields: [
        { target: 'ACTIVITY', name: 'Subject', fieldType: 'OPTION_SET', variableType: 'CONSTANT', value: 'Call' },
      ],
    })
    const conversation = await converse(it, channel)
    await pushTo(it, conversation, await makeRecord(it))
    expect(await subjectOf(it, conversation)).toMatch(/^Call\b.*\bWeb$/)
  })
}
