import { describe, expect, it } from 'vitest'
import { openScriptedDynamics, type Part, refusal, toBatch } from '../../testing/scripted-dynamics.ts'

const orgId = '0D5C2F1E-6F0A-5B0E-9C51-2F6F3F1A7C11'
const userId = '70bf4d48-34cb-ed11-b596-0022481d68cd'
const whoAmI = { json: { OrganizationId: orgId, UserId: userId, BusinessUnitId: userId } }
const page: Part = [200, { value: [] }]
const forbidden: Part = [403, { error: { code: '0x80040220', message: 'Principal user is missing prvReadTask' } }]
const noLeads: Part = [404, { error: { code: '0x8006088a', message: '…' } }]

describe('the check of Dynamics credentials', () => {
  it('says who we are and names, for an admin, what we may not read', async () => {
    const { provider, requests } = await openScriptedDynamics(({ path }) =>
      path.endsWith('/WhoAmI')
        ? whoAmI
        : toBatch([
            [200, { name: 'Contoso' }],
            [200, { fullname: '# Backchannel' }],
            page,
            page,
            noLeads,
            page,
            forbidden,
          ]),
    )
    expect(await provider.checkCredentials()).toEqual({
      orgId: orgId.toLowerCase(),
      orgName: 'Contoso',
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/),
      connectedAs: '# Backchannel',
      problems: [{ code: 'CRM_FORBIDDEN', message: expect.stringContaining('may not read tasks') }],
    })
    expect(requests).toHaveLength(2)
  })

  it('does without a name where we may not read who we are', async () => {
    const { provider } = await openScriptedDynamics(({ path }) =>
      path.endsWith('/WhoAmI') ? whoAmI : toBatch([forbidden, forbidden, page, page, page, page, page]),
    )
    expect(await provider.checkCredentials()).toMatchObject({ orgName: null, connectedAs: userId, problems: [] })
  })

  it('rejects with a sentence for an admin where nothing works', async () => {
    const noUser = await openScriptedDynamics(() =>
      refusal(403, '0x80072560', 'The user is not a member of the organization.'),
    )
    await expect(noUser.provider.checkCredentials()).rejects.toMatchObject({
      code: 'CRM_USER_NOT_PERMITTED',
      message: expect.stringContaining('user that we act as'),
    })
    for (const json of [{ hello: 'world' }, { OrganizationId: 'Contoso', UserId: 'Ada' }]) {
      const elsewhere = await openScriptedDynamics(() => ({ json }))
      await expect(elsewhere.provider.checkCredentials()).rejects.toMatchObject({ code: 'CRM_UNREACHABLE' })
    }
  })
})
