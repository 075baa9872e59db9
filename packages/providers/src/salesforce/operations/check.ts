/** Who we are in the org, and what is missing there. */
import { ProviderError } from '../../errors.ts'
import type { Deadline } from '../../http/index.ts'
import type { CredentialsCheck } from '../../provider.ts'
import type { SalesforceClient } from '../client.ts'
import { select } from '../soql.ts'
import type { Metadata } from './describe.ts'

interface UserInfo {
  name?: string
  preferred_username?: string
  organization_id?: string
}

/** Null where the granted scopes do not reach so far, which is said in JSON or in plain text; the API works all the same. */
async function readUser(client: SalesforceClient, deadline: Deadline): Promise<UserInfo | null> {
  try {
    // The token travels in a header: jsforce's identity() would put it into the address (crm-apis.md 2.3).
    const path = '/services/oauth2/userinfo'
    return (await client.call({ operation: 'check', method: 'GET', path, effect: 'READ' }, deadline)).body as UserInfo
  } catch (error) {
    if (error instanceof ProviderError && error.status === 403) return null
    throw error
  }
}

function toName(user: UserInfo | null): string {
  if (user?.name !== undefined && user.preferred_username !== undefined)
    return `${user.name} (${user.preferred_username})`
  return user?.preferred_username ?? user?.name ?? 'a Salesforce user whose name we may not read'
}

/** @throws ProviderError where nothing works: CRM_API_DISABLED with the sentence of S-CON-05, CRM_APP_NOT_APPROVED … */
export async function checkCredentials(
  parts: { client: SalesforceClient; metadata: Metadata; keyFieldName: string; instanceUrl: () => string },
  deadline: Deadline,
): Promise<CredentialsCheck> {
  const { client, metadata, keyFieldName } = parts
  // Any row of the API proves that it is open to us; this one says where we are.
  const [organization] = await client.query(
    'check',
    select({ columns: ['Id', 'Name'], from: 'Organization', where: 'Id != null', limit: 1 }),
    deadline,
  )
  const [user, task] = await Promise.all([readUser(client, deadline), metadata.newerThan(0, 'Task', deadline)])
  const ofOrganization = (member: string) => {
    const value = organization?.[member]
    return typeof value === 'string' ? value : null
  }
  // Everything that is kept is bound to this id: two orgs without one would count as the same.
  const orgId = ofOrganization('Id') ?? user?.organization_id
  if (!orgId) {
    throw new ProviderError('CRM_FORBIDDEN', {
      message: 'Salesforce does not tell us which org this is. Let our user read the organization, or grant "openid".',
    })
  }
  const problems: CredentialsCheck['problems'] = []
  if (task === null) {
    problems.push({
      code: 'CRM_FORBIDDEN',
      message: 'The user that we act as cannot see tasks, so conversations cannot be filed.',
    })
  } else if (task.keyField === null) {
    problems.push({
      code: 'NOT_FOUND',
      message:
        `Activities have no text field ${keyFieldName} that is an external ID and unique and open to our user. Filing a ` +
        'conversation exactly once is weaker without it. Create it in Setup, Object Manager, Activity.',
    })
  }
  return {
    orgId,
    orgName: ofOrganization('Name'),
    url: parts.instanceUrl(),
    connectedAs: toName(user),
    problems,
  }
}
