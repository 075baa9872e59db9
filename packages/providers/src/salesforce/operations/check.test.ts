import { afterEach, describe, expect, it } from 'vitest'
import {
  describeWithout,
  type Overrule,
  openScriptedSalesforce,
  refusal,
  rows,
  type ScriptedSalesforce,
} from '../../testing/scripted-salesforce.ts'

let org: ScriptedSalesforce

afterEach(() => org.close())

describe('the check', () => {
  const organization: Overrule = ({ query, path }) => {
    if (query.get('q')?.includes('FROM Organization')) return rows({ Id: '00Dx0000000BV7zEAG', Name: 'Acme' })
    return path.endsWith('/userinfo') ? { json: { name: 'Ada', preferred_username: 'ada@acme.example' } } : undefined
  }

  it('says where we are, as whom, and that nothing is missing', async () => {
    org = await openScriptedSalesforce(organization)
    expect(await org.provider.checkCredentials()).toEqual({
      orgId: '00Dx0000000BV7zEAG',
      orgName: 'Acme',
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      connectedAs: 'Ada (ada@acme.example)',
      problems: [],
    })
  })

  it('names the key field that is missing, and does without the user’s name where scopes hide it', async () => {
    org = await openScriptedSalesforce((sent) => {
      if (sent.path.endsWith('/userinfo')) return refusal(403, 'FORBIDDEN')
      return sent.path.endsWith('/Task/describe') ? describeWithout('Task', 'Backchannel_Key__c') : organization(sent)
    })
    const check = await org.provider.checkCredentials()
    expect(check.connectedAs).toBe('a Salesforce user whose name we may not read')
    expect(check.problems).toEqual([{ code: 'NOT_FOUND', message: expect.stringContaining('Backchannel_Key__c') }])
  })

  it('does without the user’s name where the identity service refuses in plain text', async () => {
    org = await openScriptedSalesforce((sent) =>
      sent.path.endsWith('/userinfo') ? { status: 403, text: 'Bad_OAuth_Token' } : organization(sent),
    )
    expect((await org.provider.checkCredentials()).connectedAs).toBe('a Salesforce user whose name we may not read')
  })

  it('takes the org from the token’s owner where the organization row is hidden, and connects nothing it cannot name', async () => {
    const hidden = (user: object): Overrule => {
      return ({ query, path }) => {
        if (query.get('q')?.includes('FROM Organization')) return rows()
        return path.endsWith('/userinfo') ? { json: user } : undefined
      }
    }
    org = await openScriptedSalesforce(hidden({ name: 'Ada', organization_id: '00Dx0000000BV7zEAG' }))
    expect(await org.provider.checkCredentials()).toMatchObject({ orgId: '00Dx0000000BV7zEAG', orgName: null })
    await org.close()
    org = await openScriptedSalesforce(hidden({ name: 'Ada' }))
    await expect(org.provider.checkCredentials()).rejects.toMatchObject({
      code: 'CRM_FORBIDDEN',
      message: expect.stringMatching(/which org/),
    })
  })

  it('S-CON-05: says in the fixed words that the API is off', async () => {
    org = await openScriptedSalesforce((sent) =>
      sent.path.endsWith('/query') ? refusal(403, 'API_DISABLED_FOR_ORG') : undefined,
    )
    await expect(org.provider.checkCredentials()).rejects.toMatchObject({
      code: 'CRM_API_DISABLED',
      message: 'The Rest API is not enabled for this organization',
    })
  })
})
