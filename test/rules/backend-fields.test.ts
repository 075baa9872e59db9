import { expect } from 'vitest'
import { end, say } from '../gateway/conversing.ts'
import {
  accountOf,
  constantOf,
  employeesOf,
  industries,
  industryOf,
  inputOf,
  tagFieldsOf,
} from './support/backend-settings.ts'
import { formOf, namesOn, writes } from './support/forms.ts'
import { converse, heldOf, makeRecord, pushTo, rowOf, settled, tagTo, usualTable, vehicles } from './support/pushing.ts'
import { openRules } from './support/rules.ts'

const { twins } = openRules()

const empty = expect.toSatisfy((value) => value === null || value === undefined)

// ------------------------------------------------------------------------------------------------ when it is written

twins(
  { DYNAMICS: 'D-BCK-01', SALESFORCE: 'S-BCK-01' },
  'a constant of an added entity type is written when a record of it is tagged',
  async (it) => {
    const { entity, name } = vehicles[it.provider]
    const { entityTypes } = await it.document()
    const added = { name: entity, displayName: 'Vehicle', primaryField: name, primaryFieldLabel: 'Name' }
    const field = { DYNAMICS: 'new_licenseplate', SALESFORCE: 'Plate__c' }[it.provider]
    const value = `B-${Date.now() % 1e6}`
    const withVehicles = { entityTypes: [...(entityTypes as object[]), added] }
    await it.settings(withVehicles)
    const record = await makeRecord(it, 'VEHICLE')
    await it.settings({
      ...withVehicles,
      backendFields: [
        { entityType: entity, name: field, variableType: 'CONSTANT', fieldType: 'TEXT', value, overwrite: true },
      ],
    })
    expect((await rowOf(it, record))[field]).not.toBe(value)
    await pushTo(it, await converse(it, 'SMS'), record)
    expect((await rowOf(it, record))[field]).toBe(value)
  },
)

twins(
  { DYNAMICS: 'D-BCK-02', SALESFORCE: 'S-BCK-02' },
  'a tagged chat that ends has the constant and what the agent gave at tagging written',
  async (it) => {
    await it.settings({ backendFields: [constantOf(it), inputOf(it)] })
    const record = await makeRecord(it, 'CONTACT')
    const account = await makeRecord(it, 'ACCOUNT', {})
    const chat = await converse(it, 'CHAT', { runs: true })
    const { employees } = it.names.accountField
    await it.control.clearCalls()
    await tagTo(it, chat, [account, record], { afterEnd: true, backendValues: [{ name: employees, value: '12' }] })
    expect(await writes(it)).toEqual([])
    expect(await employeesOf(it, account)).toEqual(empty)
    await end(it.running, chat)
    await settled(it, chat)
    expect(await employeesOf(it, account)).toBe(12)
    expect(await industryOf(it, account)).toBe(industries[it.provider].one.held)
  },
)

twins(
  { DYNAMICS: 'D-BCK-03', SALESFORCE: 'S-BCK-03' },
  'a pushed text message thread has it written, and what is appended later writes nothing',
  async (it) => {
    const record = await makeRecord(it)
    await it.settings({ backendFields: [constantOf(it)] })
    const thread = await converse(it, 'SMS')
    await pushTo(it, thread, record)
    expect(await industryOf(it, record)).toBe(industries[it.provider].one.held)
    await it.settings({ backendFields: [constantOf(it, { value: industries[it.provider].other.value })] })
    await it.control.clearCalls()
    await say(it.running, thread, 'second')
    await settled(it, thread, 2)
    expect((await writes(it)).filter((write) => /account/i.test(write))).toEqual([])
    expect(await industryOf(it, record)).toBe(industries[it.provider].one.held)
  },
)

twins({ DYNAMICS: 'D-BCK-04', SALESFORCE: 'S-BCK-04' }, 'a record that is made has them from the start', async (it) => {
  await it.settings({ backendFields: [constantOf(it), inputOf(it)] })
  const backendValues = [{ name: it.names.accountField.employees, value: '34' }]
  const record = await makeRecord(it, 'ACCOUNT', { backendValues })
  expect(await industryOf(it, record)).toBe(industries[it.provider].one.held)
  expect(await employeesOf(it, record)).toBe(34)
})

twins(
  { DYNAMICS: 'D-BCK-04', SALESFORCE: 'S-BCK-04' },
  'a record made while a chat runs is written at both moments (A-50)',
  async (it) => {
    await it.settings({ backendFields: [inputOf(it)] })
    const chat = await converse(it, 'CHAT', { runs: true })
    const backendValues = [{ name: it.names.accountField.employees, value: '56' }]
    const record = await makeRecord(it, 'ACCOUNT', { backendValues, conversationId: chat.id })
    expect(await employeesOf(it, record)).toBe(56)
    await it.control.clearCalls()
    await end(it.running, chat)
    await settled(it, chat)
    expect((await writes(it)).filter((write) => write.includes(record.remoteId))).toHaveLength(1)
    expect(await employeesOf(it, record)).toBe(56)
  },
)

twins(
  { DYNAMICS: 'D-BCK-09', SALESFORCE: 'S-BCK-09' },
  'a constant is on no form, and tagged twice it is written twice, without a second activity',
  async (it) => {
    await it.settings({ backendFields: [constantOf(it)] })
    expect(namesOn(await formOf(it, accountOf(it)))).not.toContain(industries[it.provider].name)
    const record = await makeRecord(it)
    expect(await tagFieldsOf(it, record)).toEqual([])
    const thread = await converse(it, 'SMS')
    await it.control.clearCalls()
    const writesToRecord = async () => (await writes(it)).filter((write) => write.includes(record.remoteId)).length
    await pushTo(it, thread, record)
    expect(await writesToRecord()).toBe(1)
    await pushTo(it, thread, record)
    await expect.poll(writesToRecord).toBe(2)
    expect(await heldOf(it, usualTable[it.provider], thread)).toHaveLength(1)
  },
)

twins(
  { DYNAMICS: 'D-BCK-09', SALESFORCE: 'S-BCK-09' },
  'a request that is repeated under its key is the same tagging: it is written once',
  async (it) => {
    await it.settings({ backendFields: [constantOf(it)] })
    const record = await makeRecord(it)
    const thread = await converse(it, 'SMS')
    await it.control.clearCalls()
    const idempotencyKey = `key-${record.remoteId}`
    await pushTo(it, thread, record, { idempotencyKey })
    await pushTo(it, thread, record, { idempotencyKey })
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect((await writes(it)).filter((write) => write.includes(record.remoteId))).toHaveLength(1)
  },
)

twins(
  { DYNAMICS: 'D-BCK-10', SALESFORCE: 'S-BCK-10' },
  'what the agent gives on tagging is written; what is not given is not',
  async (it) => {
    await it.settings({
      backendFields: [inputOf(it), constantOf(it, { variableType: 'INPUT', value: undefined, label: 'Trade' })],
    })
    const record = await makeRecord(it)
    const [field] = await tagFieldsOf(it, record)
    await pushTo(it, await converse(it, 'SMS'), record, { backendValues: [{ fieldId: field?.id, value: '78' }] })
    expect(await employeesOf(it, record)).toBe(78)
    expect(await industryOf(it, record)).toEqual(empty)
  },
)

// ------------------------------------------------------------------------------------------------ what is there already

twins(
  { DYNAMICS: 'D-BCK-12', SALESFORCE: 'S-BCK-12' },
  'overwrite on: what was in the field before is replaced',
  async (it) => {
    const { one, other } = industries[it.provider]
    await it.settings({ backendFields: [constantOf(it)] })
    const record = await makeRecord(it)
    expect(await industryOf(it, record)).toBe(one.held)
    await it.settings({ backendFields: [constantOf(it, { value: other.value })] })
    const push = await pushTo(it, await converse(it, 'SMS'), record)
    expect(await industryOf(it, record)).toBe(other.held)
    const letter = it.provider[0]
    expect(push.why).toContainEqual(
      expect.objectContaining({ rule: `${letter}-BCK-12`, settingId: expect.any(String) }),
    )
  },
)

twins(
  { DYNAMICS: 'D-BCK-13', SALESFORCE: 'S-BCK-13' },
  'overwrite off: what is there is kept, what is empty is filled, each by itself',
  async (it) => {
    const { one, other } = industries[it.provider]
    await it.settings({ backendFields: [constantOf(it)] })
    const record = await makeRecord(it)
    const keep = { overwrite: false }
    await it.settings({ backendFields: [constantOf(it, { ...keep, value: other.value }), inputOf(it, keep)] })
    const backendValues = [{ name: it.names.accountField.employees, value: '90' }]
    await pushTo(it, await converse(it, 'SMS'), record, { backendValues })
    expect(await industryOf(it, record)).toBe(one.held)
    expect(await employeesOf(it, record)).toBe(90)
  },
)

twins(
  { DYNAMICS: 'D-BCK-13', SALESFORCE: 'S-BCK-13' },
  'of several records that are tagged at once each is judged by itself (I-08)',
  async (it) => {
    const { one, other } = industries[it.provider]
    await it.settings({ backendFields: [constantOf(it)] })
    const full = await makeRecord(it)
    await it.settings({})
    const bare = await makeRecord(it)
    await it.settings({ backendFields: [constantOf(it, { overwrite: false, value: other.value })] })
    const thread = await converse(it, 'SMS')
    await tagTo(it, thread, [full, bare])
    await settled(it, thread)
    expect([await industryOf(it, full), await industryOf(it, bare)]).toEqual([one.held, other.held])
  },
)
