import { describe, expect, test } from 'vitest'
import { ProviderError, type ProviderErrorCode } from '../errors.ts'
import type { SearchRequest } from '../model/index.ts'
import { by, idsOf, record, target, text, visitor } from '../testing/searchable-tables.ts'
import { runSearch } from './run.ts'

describe('a part that fails', () => {
  const targets = [target('contact'), target('lead')]
  const request: SearchRequest = { by: by('EMAIL'), targets, first: 5, region: 'US' }
  const failure = (entityName: string, code: ProviderErrorCode) => ({
    entityName,
    error: new ProviderError(code, { message: code }),
  })
  const found = (entityName: string) => ({
    entityName,
    rows: [
      {
        record: record(entityName, { id: 'a' }),
        phones: [],
        emails: text('emailaddress1', visitor.EMAIL),
        names: [],
        accountIds: [],
      },
    ],
    full: false,
  })

  test.each(['NOT_FOUND', 'CRM_FORBIDDEN'] as const)('with %s leaves what the others hold', async (code) => {
    const result = await runSearch(request, async () => [failure('contact', code), found('lead')])
    expect(idsOf(result)).toEqual([[], ['a']])
  })

  test.each(['CRM_UNAVAILABLE', 'CRM_REJECTED', 'CRM_TIMEOUT'] as const)(
    'with %s fails the search: what is missing is not passed over',
    async (code) => {
      const search = runSearch(request, async () => [failure('contact', code), found('lead')])
      await expect(search).rejects.toMatchObject({ code })
    },
  )

  test('is told where nothing may be read at all, but not where there is nothing to read', async () => {
    const forbidden = runSearch(request, async () => [
      failure('contact', 'NOT_FOUND'),
      failure('lead', 'CRM_FORBIDDEN'),
    ])
    await expect(forbidden).rejects.toMatchObject({ code: 'CRM_FORBIDDEN' })
    const absent = await runSearch(request, async () => [failure('contact', 'NOT_FOUND'), failure('lead', 'NOT_FOUND')])
    expect(absent.matchedBy).toBeNull()
  })
})
