import { expect, test } from 'vitest'
import { createTestOrg, send } from './fixture.ts'

const org = await createTestOrg(5)
const page = (etn: string, id: string) =>
  send(org.handler, 'GET', `/main.aspx?etn=${etn}&id=${id}&pagetype=entityrecord`)

test('a record has a page with its fields and activities, every text of it escaped', async () => {
  const made = await org.call('POST', 'contacts', {
    headers: { prefer: 'return=representation' },
    body: { lastname: '<script>alert(1)</script>', jobtitle: `"'&` },
  })
  const { contactid } = made.json as { contactid: string }
  await org.call('POST', 'annotations', {
    body: {
      subject: '<b>Note</b>',
      notetext: 'Hello\nthere',
      'objectid_contact@odata.bind': `/contacts(${contactid})`,
    },
  })
  await org.call('POST', 'tasks', {
    body: { subject: 'Call back', 'regardingobjectid_contact_task@odata.bind': `/contacts(${contactid})` },
  })
  const { status, text, headers } = await page('contact', contactid)
  expect(status).toBe(200)
  expect(text).toContain('Emulated Dynamics 365')
  expect(text).toContain('&#60;script&#62;alert(1)')
  expect(text).not.toMatch(/<script|<b>/)
  expect(text).toContain('Hello\nthere')
  expect(text).toMatch(/Task · Open[\s\S]*Call back/)
  expect(headers['content-security-policy']).toContain("default-src 'none'")
})

test('an activity has a page that leads back to its record, braces and capitals in the id or not', async () => {
  const [contact] = org.store.table('contact').values()
  const made = await org.call('POST', 'tasks', {
    headers: { prefer: 'return=representation' },
    body: { subject: 'Look', 'regardingobjectid_contact_task@odata.bind': `/contacts(${contact?.['contactid']})` },
  })
  const { activityid } = made.json as { activityid: string }
  const { text } = await page('task', `{${activityid.toUpperCase()}}`)
  expect(text).toContain(`href="/main.aspx?etn=contact&#38;id=${String(contact?.['contactid'])}`)
})

test('a record that is not there has a page that says so', async () => {
  expect((await page('contact', '11111111-1111-4111-8111-111111111111')).status).toBe(404)
  expect((await page('<img>', 'x')).text).not.toContain('<img>')
})
