import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readBatch, writeBatch } from './batch.ts'

interface Part {
  status: number
  body: string
}

function multipart(parts: readonly Part[], boundary: string, lineEnd = '\r\n'): string {
  const lines: string[] = []
  for (const part of parts) {
    lines.push(`--${boundary}`, 'Content-Type: application/http', 'Content-Transfer-Encoding: binary', '')
    lines.push(
      `HTTP/1.1 ${part.status} Whatever`,
      'OData-Version: 4.0',
      'Content-Type: application/json',
      '',
      part.body,
    )
  }
  return [...lines, `--${boundary}--`, ''].join(lineEnd)
}

describe('writing a batch', () => {
  it('frames every read and asks for JSON', () => {
    expect(
      writeBatch(
        [
          { path: '/api/data/v9.2/contacts?$top=1', prefer: 'a' },
          { path: '/x', strong: true },
        ],
        'b1',
      ),
    ).toBe(
      '--b1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n' +
        'GET /api/data/v9.2/contacts?$top=1 HTTP/1.1\r\nAccept: application/json\r\nPrefer: a\r\n\r\n\r\n' +
        '--b1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n' +
        'GET /x HTTP/1.1\r\nAccept: application/json\r\nConsistency: Strong\r\n\r\n\r\n' +
        '--b1--\r\n',
    )
  })

  it('refuses a path that would end its line', () => {
    for (const path of ['/a\r\nHost: x', '/a b', '/a\u0000']) {
      expect(() => writeBatch([{ path }], 'b')).toThrow(RangeError)
    }
  })
})

describe('reading a batch', () => {
  it('gives back status and body of every part, whatever the bodies hold', () => {
    const body = fc.oneof(
      fc.json({ maxDepth: 2 }),
      fc.string({ unit: 'grapheme' }).map((text) => JSON.stringify({ text })),
      fc.constantFrom('', '{"a":"--b1"}', '{"a":"\\r\\n--b1--"}', ' --b1', '--b1x', '\r\n', '{}\r\n'),
    )
    const parts = fc.array(fc.record({ status: fc.constantFrom(200, 204, 400, 404, 500), body }), { maxLength: 5 })
    fc.assert(
      fc.property(parts, fc.constantFrom('\r\n', '\n'), (list, lineEnd) => {
        const answers = readBatch('multipart/mixed; boundary=b1', multipart(list, 'b1', lineEnd))
        expect(answers.map(({ status, body }) => ({ status, body }))).toEqual(list)
      }),
    )
  })

  it.each([
    'multipart/mixed; boundary="batchresponse_1"',
    'Multipart/Mixed;boundary=batchresponse_1',
    'multipart/mixed; charset=utf-8; boundary=batchresponse_1; x=y',
  ])('takes the boundary from %s', (contentType) => {
    const [answer] = readBatch(contentType, multipart([{ status: 404, body: '{}' }], 'batchresponse_1'))
    expect(answer).toMatchObject({ status: 404, body: '{}', headers: { 'odata-version': '4.0' } })
  })

  it('is not misled by a boundary that begins another one', () => {
    const text = `preamble\r\n${multipart([{ status: 200, body: '--b\r\n--b12\r\nx' }], 'b1')}`
    expect(readBatch('multipart/mixed; boundary=b1', text)).toHaveLength(1)
  })

  it('throws where the answer is no batch, was cut off, or holds something else', () => {
    const whole = multipart([{ status: 200, body: '{"value":[]}' }], 'b1')
    expect(() => readBatch('text/html', '<html>')).toThrow(SyntaxError)
    expect(() => readBatch('multipart/mixed', whole)).toThrow(SyntaxError)
    expect(() => readBatch('multipart/mixed; boundary=b1', '')).toThrow(SyntaxError)
    expect(() => readBatch('multipart/mixed; boundary=b1', '--b1\r\n\r\nnot http\r\n--b1--')).toThrow(SyntaxError)
    for (const length of [0, 20, 90, whole.length - 8]) {
      expect(() => readBatch('multipart/mixed; boundary=b1', whole.slice(0, length))).toThrow(SyntaxError)
    }
  })
})
