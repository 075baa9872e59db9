import { describe, expect, it } from 'vitest'
import { toCrmError, toUnreadableError } from './errors.ts'

function refuse(status: number, code: string, message: string, effect: 'READ' | 'WRITE' = 'WRITE', headers = {}) {
  return toCrmError({ status, headers, body: JSON.stringify({ error: { code, message } }) }, { effect, now: 0 })
}

describe('errors of Dataverse', () => {
  it.each([
    [404, '0x80040217', 'NOT_FOUND'],
    [404, '0x8006088A', 'NOT_FOUND'],
    [412, '0x80040237', 'CONFLICT'],
    [412, '0x80060882', 'CONFLICT'],
    [412, '0x80040333', 'DUPLICATE'],
    [500, '0x80040333', 'DUPLICATE'],
    [403, '0x80040220', 'CRM_FORBIDDEN'],
    [403, '0x80072560', 'CRM_USER_NOT_PERMITTED'],
    [400, '0x80060888', 'CRM_REJECTED'],
    [400, '0x80040265', 'CRM_REJECTED'],
    [400, '0x80048573', 'CRM_TIMEOUT'],
    [429, '0x80072322', 'CRM_RATE_LIMITED'],
    [500, '0x80040216', 'CRM_UNAVAILABLE'],
    [400, '0x8fffffff', 'CRM_REJECTED'],
    [400, 'constructor', 'CRM_REJECTED'],
    [412, '', 'CONFLICT'],
    [401, '', 'CRM_UNAUTHENTICATED'],
    [403, '', 'CRM_FORBIDDEN'],
    [404, '', 'NOT_FOUND'],
    [503, '', 'CRM_UNAVAILABLE'],
    [302, '', 'CRM_UNAVAILABLE'],
  ])('%i %s is %s and keeps the CRM’s code', (status, code, expected) => {
    const error = refuse(status, code, 'text')
    expect(error.code).toBe(expected)
    expect(error.providerCode).toBe(code === '' ? undefined : code)
    expect(error.status).toBe(status)
  })

  it('leave a write’s outcome unknown only where it may have happened', () => {
    expect(refuse(503, '', '').outcome).toBe('UNKNOWN')
    expect(refuse(500, '0x80040333', '').outcome).toBe('NOT_APPLIED')
    expect(refuse(429, '0x80072322', '').outcome).toBe('NOT_APPLIED')
    expect(refuse(503, '', '', 'READ').outcome).toBe('NOT_APPLIED')
    expect(toUnreadableError(200, 'WRITE').outcome).toBe('UNKNOWN')
  })

  it('name the field that is too long, with its limit', () => {
    const text =
      "A validation error occurred.  The length of the 'subject' attribute of the 'task' entity exceeded the maximum allowed length of '200'."
    expect(refuse(400, '0x80044331', text).fields).toEqual([
      { name: 'subject', message: 'At most 200 characters fit here.' },
    ])
  })

  it.each([
    [400, '0x80060888', 'x', true],
    [400, '0x80048D19', 'x', true],
    [400, '0x8004431a', 'x', true],
    [404, '0x8006088a', 'x', true],
    [400, '', "Could not find a property named 'x' on type 'y'.", true],
    [400, '0x80044331', "Could not find a property named 'x' in a text that is too long", false],
    [404, '0x80040217', 'x', false],
    [412, '0x80060882', 'x', false],
    [503, '', 'x', false],
  ])('%i %s %s doubts our metadata: %s', (status, code, text, doubtful) => {
    expect(refuse(status, code, text).metadataDoubtful).toBe(doubtful)
  })

  it.each([
    ["Could not find a property named '_new_owner_value' on type 'Microsoft.Dynamics.CRM.contact'.", 'new_owner'],
    ["Could not find a property named 'new_x' on type 'Microsoft.Dynamics.CRM.contact'.", 'new_x'],
    ["… ODataException: An undeclared property 'objectid_x' which only has property annotations …", 'objectid_x'],
    ["The value 99 of 'industrycode' on record of type 'account' is outside the valid range.", 'industrycode'],
  ])('name the field of: %s', (text, name) => {
    expect(refuse(400, '0x80060888', text).fields.map((field) => field.name)).toEqual([name])
  })

  it('speak in our words, except where a plug-in speaks to people', () => {
    const privilege = 'Principal user (Id=1, type=8) is missing prvReadAccount privilege (Id=2)'
    expect(refuse(403, '0x80040220', privilege).message).not.toContain('prvReadAccount')
    expect(refuse(400, '0x80040265', 'Credit limit exceeded.').message).toBe('Credit limit exceeded.')
  })

  it('carry how long to wait', () => {
    expect(refuse(429, '0x80072322', '', 'READ', { 'retry-after': '17' }).retryAfter).toBe(17)
  })

  it.each([
    ['{"Message":"old","ErrorCode":"0x80040217"}', 'NOT_FOUND'],
    ['{"ErrorCode":"0x80072560"}', 'CRM_USER_NOT_PERMITTED'],
    ['<html>', 'CRM_REJECTED'],
    ['null', 'CRM_REJECTED'],
    ['{"error":"text"}', 'CRM_REJECTED'],
  ])('are read from %s too', (body, code) => {
    expect(toCrmError({ status: 400, headers: {}, body }, { effect: 'READ', now: 0 }).code).toBe(code)
  })
})
