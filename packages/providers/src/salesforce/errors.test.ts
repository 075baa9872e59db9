import { describe, expect, it } from 'vitest'
import type { ProviderErrorCode } from '../errors.ts'
import { notJson, toProviderError, toSignInError } from './errors.ts'

const refusal = (status: number, error: Record<string, unknown>) => toProviderError({ status, body: [error] }, 'WRITE')

describe('refusals of the API', () => {
  it.each<[number, string, string, ProviderErrorCode]>([
    [401, 'INVALID_SESSION_ID', 'Session expired or invalid', 'CRM_UNAUTHENTICATED'],
    [403, 'API_DISABLED_FOR_ORG', 'The REST API is not enabled for this Organization.', 'CRM_API_DISABLED'],
    [403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.', 'CRM_QUOTA_EXHAUSTED'],
    [403, 'REQUEST_LIMIT_EXCEEDED', 'ConcurrentRequests (Concurrent API Requests) Limit exceeded.', 'CRM_RATE_LIMITED'],
    [403, 'INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id', 'CRM_FORBIDDEN'],
    [400, 'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY', 'insufficient access rights', 'CRM_FORBIDDEN'],
    [404, 'NOT_FOUND', 'The requested resource does not exist', 'NOT_FOUND'],
    [404, 'ENTITY_IS_DELETED', 'entity is deleted', 'NOT_FOUND'],
    [400, 'INVALID_TYPE', "sObject type 'Foo' is not supported.", 'NOT_FOUND'],
    [400, 'UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access to this record', 'CRM_UNAVAILABLE'],
    [400, 'QUERY_TIMEOUT', 'Your query request was running for too long.', 'CRM_TIMEOUT'],
    [400, 'SOMETHING_NEW', 'what is this', 'CRM_REJECTED'],
    [400, 'constructor', 'what is this', 'CRM_REJECTED'],
    [412, 'ENTITY_CHANGED', 'changed', 'CONFLICT'],
    [503, 'SERVER_UNAVAILABLE', 'down', 'CRM_UNAVAILABLE'],
  ])('%i %s (%s) is %s', (status, errorCode, message, code) => {
    expect(refusal(status, { errorCode, message })).toMatchObject({ code, providerCode: errorCode, status })
  })

  it('S-CON-05: an org without API access is told so in exactly this sentence, with an explanation beside it', () => {
    const text = 'The REST API is not enabled for this Organization or Partner.'
    const error = refusal(403, { errorCode: 'API_DISABLED_FOR_ORG', message: text })
    expect(error.message).toBe('The Rest API is not enabled for this organization')
    expect(error.advice).toContain('API Enabled')
  })

  it.each<[Record<string, unknown>, string[], string]>([
    [
      { errorCode: 'REQUIRED_FIELD_MISSING', message: 'Required fields are missing: [Company]', fields: ['Company'] },
      ['Company'],
      'Salesforce demands a value for Company.',
    ],
    [
      { errorCode: 'REQUIRED_FIELD_MISSING', message: 'Required fields are missing: [LastName, Company]' },
      ['LastName', 'Company'],
      'Salesforce demands a value for LastName, Company.',
    ],
    [
      {
        errorCode: 'STRING_TOO_LONG',
        message: 'Last Name: data value too large: Smith… (max length=80)',
        fields: ['LastName'],
      },
      ['LastName'],
      'The value of LastName is too long for Salesforce.',
    ],
    [
      {
        errorCode: 'INVALID_FIELD',
        message:
          "\nSELECT Id,Foo__c FROM Contact\n ^\nERROR at Row:1:Column:11\nNo such column 'Foo__c' on entity 'Contact'.",
      },
      ['Foo__c'],
      'Salesforce does not know Foo__c, or hides it from us.',
    ],
    [
      {
        errorCode: 'INVALID_FIELD_FOR_INSERT_UPDATE',
        message: 'Unable to create/update fields: Name. Please check the security settings',
        fields: ['Name'],
      },
      ['Name'],
      'Salesforce does not let us write Name.',
    ],
    [
      { statusCode: 'INVALID_CROSS_REFERENCE_KEY', message: 'invalid cross reference id', fields: [] },
      [],
      'The record that a field points to is not in Salesforce.',
    ],
  ])('names the fields of %j in words without values', (error, names, message) => {
    const rejected = refusal(400, error)
    expect(rejected).toMatchObject({ code: 'CRM_REJECTED', message, outcome: 'NOT_APPLIED' })
    expect(rejected.fields.map((field) => field.name)).toEqual(names)
  })

  it.each<[string, Record<string, unknown>, boolean]>([
    ['INVALID_FIELD', { message: "No such column 'X__c' on sobject of type Contact" }, true],
    ['INVALID_TYPE', {}, true],
    ['INVALID_FIELD_FOR_INSERT_UPDATE', { fields: ['X__c'] }, true],
    ['INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', { fields: ['X__c'] }, true],
    ['INVALID_QUERY_FILTER_OPERATOR', {}, true],
    ['JSON_PARSER_ERROR', {}, true],
    ['REQUIRED_FIELD_MISSING', { fields: ['X__c'] }, true],
    ['STRING_TOO_LONG', { fields: ['X__c'] }, true],
    ['INVALID_CROSS_REFERENCE_KEY', { fields: ['RecordTypeId'] }, true],
    ['INVALID_CROSS_REFERENCE_KEY', { fields: ['AccountId'] }, false],
    ['DUPLICATE_VALUE', { fields: ['X__c'] }, false],
    ['ENTITY_IS_DELETED', {}, false],
    ['FIELD_CUSTOM_VALIDATION_EXCEPTION', { fields: ['X__c'] }, false],
  ])('after %s %j what we know of the org may be old: %s', (errorCode, more, metadataDoubtful) => {
    expect(refusal(400, { errorCode, message: '', ...more }).metadataDoubtful).toBe(metadataDoubtful)
  })

  it('one doubtful error among several is enough', () => {
    const body = [
      { errorCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'No.', fields: ['A__c'] },
      { errorCode: 'INVALID_FIELD_FOR_INSERT_UPDATE', message: '', fields: ['B__c'] },
    ]
    expect(toProviderError({ status: 400, body }, 'WRITE').metadataDoubtful).toBe(true)
  })

  it('says each field with its own trouble where there are several', () => {
    const rejected = toProviderError(
      {
        status: 400,
        body: [
          { errorCode: 'REQUIRED_FIELD_MISSING', message: '', fields: ['Company'] },
          { errorCode: 'STRING_TOO_LONG', message: '', fields: ['LastName'] },
        ],
      },
      'WRITE',
    )
    expect(rejected.fields).toEqual([
      { name: 'Company', message: 'Salesforce demands a value for Company.' },
      { name: 'LastName', message: 'The value of LastName is too long for Salesforce.' },
    ])
  })

  it('hands on what an admin wrote into a validation rule', () => {
    const error = { errorCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Phone must be local.', fields: ['Phone'] }
    expect(refusal(400, error).message).toBe('Phone must be local.')
  })

  it.each(['duplicateResut', 'duplicateResult'])('reads the candidates of %s', (spelling) => {
    const error = refusal(400, {
      errorCode: 'DUPLICATES_DETECTED',
      message: 'Use one of these records?',
      [spelling]: {
        allowSave: true,
        matchResults: [
          {
            entityType: 'Contact',
            matchRecords: [{ record: { attributes: { type: 'Contact' }, Id: '0038M00000aaaaaQAA' } }],
          },
        ],
      },
    })
    expect(error).toMatchObject({
      code: 'DUPLICATE',
      canInsist: true,
      duplicates: [{ entityName: 'Contact', remoteId: '0038M00000aaaaaQAA', name: null }],
    })
  })

  it('leaves open only what a write may have done before the server broke', () => {
    const broken = { status: 503, body: undefined }
    expect(toProviderError(broken, 'WRITE').outcome).toBe('UNKNOWN')
    expect(toProviderError(broken, 'READ').outcome).toBe('NOT_APPLIED')
    expect(notJson(200, 'WRITE').outcome).toBe('UNKNOWN')
    expect(notJson(404, 'WRITE').outcome).toBe('NOT_APPLIED')
  })

  it.each([[undefined], [null], ['text'], [[]], [[null]], [{}], [{ error: 7 }]])('survives the body %j', (body) => {
    expect(toProviderError({ status: 400, body }, 'READ').code).toBe('CRM_REJECTED')
  })
})

describe('refusals to sign in', () => {
  it.each(['something_new', 'constructor', '__proto__', ''])(
    'an error %j that nobody knows is trouble that may pass',
    (error) => {
      expect(toSignInError(error, 'what is this')).toMatchObject({
        code: 'CRM_UNAVAILABLE',
        message: expect.stringContaining('Salesforce is not available'),
      })
    },
  )
})
