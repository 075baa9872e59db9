import { describe, expect, test } from 'vitest'
import { codeOf, createTestOrg, messageOf, root, rowsOf } from '../fixture.ts'

const org = await createTestOrg(40)

interface Operation {
  method: string
  path: string
  body?: object
  id?: string
  headers?: string[]
}

const request = ({ method, path, body, id, headers = [] }: Operation) =>
  [
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    ...(id === undefined ? [] : [`Content-ID: ${id}`]),
    '',
    `${method} ${path} HTTP/1.1`,
    'Accept: application/json',
    ...headers,
    ...(body ? ['Content-Type: application/json; type=entry'] : []),
    '',
    body ? JSON.stringify(body) : '',
  ].join('\r\n')

const multipart = (parts: string[], boundary: string) =>
  `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n`

const changeSet = (operations: Operation[], boundary = 'changeset_1') =>
  `Content-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n${multipart(operations.map(request), boundary)}`

/** Sends the parts and gives the inner status lines in order. */
async function batch(parts: string[], prefer?: string) {
  const answer = await org.call('POST', '$batch', {
    headers: { 'content-type': 'multipart/mixed; boundary="batch_1"', ...(prefer !== undefined && { prefer }) },
    body: multipart(parts, 'batch_1'),
  })
  return { ...answer, statuses: [...answer.text.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status)) }
}

const countNamed = async (lastname: string) =>
  rowsOf(await org.get(`contacts?$filter=lastname eq '${lastname}'`)).length
const goOn = 'odata.continue-on-error'

describe('$batch', () => {
  test('answers each request in its order, with rows as JSON', async () => {
    const answer = await batch([
      request({ method: 'GET', path: `/api/data/v9.2/contacts?$select=fullname&$filter=lastname%20eq%20'O''Neil'` }),
      request({ method: 'GET', path: 'leads?$top=1' }),
      request({
        method: 'GET',
        path: `${root}/accounts?$top=1&$select=name`,
        headers: ['Prefer: odata.include-annotations="*"'],
      }),
    ])
    expect([answer.status, answer.statuses]).toEqual([200, [200, 200, 200]])
    expect(answer.headers['content-type']).toMatch(/^multipart\/mixed; boundary=batchresponse_/)
    expect(answer.text).toContain(`"@odata.context":"${root}/$metadata#contacts(fullname)"`)
    expect(answer.text).toContain('totalrecordcount')
  })

  test('stops at the first failure and answers it alone', async () => {
    const answer = await batch([
      request({ method: 'POST', path: 'contacts', body: { lastname: 'BeforeStop' } }),
      request({ method: 'GET', path: 'foos' }),
      request({ method: 'POST', path: 'contacts', body: { lastname: 'AfterStop' } }),
    ])
    expect([answer.status, answer.statuses]).toEqual([400, [404]])
    expect([await countNamed('BeforeStop'), await countNamed('AfterStop')]).toEqual([1, 0])
  })

  test('goes on after a failure when asked to', async () => {
    const answer = await batch(
      [request({ method: 'GET', path: 'foos' }), request({ method: 'GET', path: 'contacts?$top=1' })],
      goOn,
    )
    expect([answer.status, answer.statuses]).toEqual([200, [404, 200]])
  })

  test('makes a change set wholly, later parts naming what earlier ones made', async () => {
    const answer = await batch([
      changeSet([
        { id: '1', method: 'POST', path: '/api/data/v9.2/contacts', body: { lastname: 'Referenced' } },
        {
          id: '2',
          method: 'POST',
          path: 'tasks',
          body: { subject: 'About $1', 'regardingobjectid_contact_task@odata.bind': '$1' },
        },
        { id: '3', method: 'PATCH', path: '$2', body: { statecode: 1, statuscode: 5 } },
        { id: '4', method: 'PATCH', path: '/api/data/v9.2/$1', body: { jobtitle: 'Changed' } },
      ]),
    ])
    expect([answer.status, answer.statuses]).toEqual([200, [204, 204, 204, 204]])
    expect(answer.text).toContain('Content-ID: 3')
    const [contact] = rowsOf(await org.get("contacts?$filter=lastname eq 'Referenced'&$expand=Contact_Tasks"))
    expect(contact).toMatchObject({ jobtitle: 'Changed', Contact_Tasks: [{ subject: 'About $1', statecode: 1 }] })
  })

  test('undoes a change set that fails, and answers the failure', async () => {
    const answer = await batch(
      [
        changeSet([
          { id: '1', method: 'POST', path: 'contacts', body: { lastname: 'RolledBack' } },
          { id: '2', method: 'POST', path: 'contacts', body: { lastname: 'x'.repeat(60) } },
        ]),
        request({ method: 'POST', path: 'contacts', body: { lastname: 'Survivor' } }),
      ],
      goOn,
    )
    expect([answer.status, answer.statuses]).toEqual([200, [400, 204]])
    expect([await countNamed('RolledBack'), await countNamed('Survivor')]).toEqual([0, 1])
  })

  test.each([
    [
      'no Content-ID in a change set',
      [changeSet([{ method: 'POST', path: 'contacts', body: {} }])],
      'Content-ID header not present',
    ],
    [
      'a reference to what is not made yet',
      [changeSet([{ id: '1', method: 'PATCH', path: '$7', body: {} }])],
      "Content-ID Reference: '$7' does not exist in the batch context.",
    ],
    [
      'reading in a change set',
      [changeSet([{ id: '1', method: 'GET', path: 'contacts' }])],
      'GET requests are not allowed',
    ],
    [
      'a batch in a batch',
      [request({ method: 'POST', path: '/api/data/v9.2/$batch' })],
      'can not contain another batch',
    ],
  ])('refuses %s', async (_, parts, message) => {
    const answer = await batch(parts)
    expect([answer.status, answer.statuses]).toEqual([400, [400]])
    expect(answer.text).toContain(message)
  })

  test('refuses more than 1000 requests, an open end and another content type', async () => {
    const many = await batch(Array.from({ length: 1001 }, () => request({ method: 'GET', path: 'WhoAmI' })))
    expect([many.status, codeOf(many)]).toEqual([400, '0x80060888'])
    const headers = { 'content-type': 'multipart/mixed; boundary=b' }
    const open = await org.call('POST', '$batch', {
      headers,
      body: '--b\r\nContent-Type: application/http\r\n\r\nGET WhoAmI HTTP/1.1\r\n',
    })
    expect(messageOf(open)).toContain('not terminated')
    expect(
      (await org.call('POST', '$batch', { headers: { 'content-type': 'application/json' }, body: '{}' })).status,
    ).toBe(400)
  })

  test('takes texts that look like boundaries as texts', async () => {
    const text = 'one\r\n--batch_1\r\ntwo --batch_1-- three'
    const answer = await batch([
      request({ method: 'POST', path: 'annotations', body: { subject: '--batch_1', notetext: text } }),
    ])
    expect(answer.statuses).toEqual([204])
    const [note] = rowsOf(await org.get("annotations?$filter=subject eq '--batch[_]1'&$select=notetext"))
    const [plain] = rowsOf(await org.get("annotations?$filter=subject eq '--batch_1'&$select=notetext"))
    expect([note, plain?.['notetext']]).toEqual([undefined, text])
  })

  test('takes lines that end in a line feed alone', async () => {
    const answer = await org.call('POST', '$batch', {
      headers: { 'content-type': 'multipart/mixed; boundary=b' },
      body: '--b\nContent-Type: application/http\n\nGET WhoAmI HTTP/1.1\n\n\n--b--\n',
    })
    expect(answer.status).toBe(200)
    expect(answer.text).toContain('UserId')
  })

  test('tells its parts for the record of calls', async () => {
    const answer = await batch(
      [request({ method: 'GET', path: 'WhoAmI' }), request({ method: 'GET', path: 'foos' })],
      goOn,
    )
    expect(answer.parts).toEqual([
      { method: 'GET', path: 'WhoAmI', status: 200 },
      { method: 'GET', path: 'foos', status: 404 },
    ])
  })
})
