/** Who we are in the org, and what we may not do there. */
import { ProviderError } from '../../errors.ts'
import type { Deadline } from '../../http/index.ts'
import type { CredentialsCheck } from '../../provider.ts'
import { type QueryAnswer, readObject } from '../client.ts'
import { isGuid, toGuid, toQueryString } from '../odata.ts'
import type { Org } from '../org.ts'

/** What the product's main job reads. Leads belong to the Sales app; an org without them lacks nothing. */
const probes: readonly [setName: string, idField: string, label: string][] = [
  ['accounts', 'accountid', 'accounts'],
  ['contacts', 'contactid', 'contacts'],
  ['leads', 'leadid', 'leads'],
  ['annotations', 'annotationid', 'notes'],
  ['tasks', 'activityid', 'tasks'],
]

/** @throws ProviderError with a sentence for an admin where nothing works at all */
export async function checkCredentials(org: Org, deadline: Deadline): Promise<CredentialsCheck> {
  const answer = await org.client.send({ operation: 'check', method: 'GET', path: 'WhoAmI' }, deadline)
  const { OrganizationId: orgId, UserId: userId } = readObject(answer.body)
  if (typeof orgId !== 'string' || typeof userId !== 'string' || !isGuid(orgId) || !isGuid(userId)) {
    throw new ProviderError('CRM_UNREACHABLE', {
      message: 'There is no Dynamics 365 environment at the application URL. Check the address.',
    })
  }
  const [organization, user, ...probed] = await org.client.read(
    'check',
    [
      { path: `organizations(${toGuid(orgId)})${toQueryString({ $select: 'name' })}` },
      { path: `systemusers(${toGuid(userId)})${toQueryString({ $select: 'fullname,internalemailaddress' })}` },
      ...probes.map(([setName, idField]) => ({ path: setName + toQueryString({ $select: idField, $top: '1' }) })),
    ],
    deadline,
  )
  return {
    orgId: orgId.toLowerCase(),
    orgName: textIn(organization, 'name'),
    // With the slash that people see in their browser (D-CON-11).
    url: `${org.origin}/`,
    connectedAs: textIn(user, 'fullname') ?? textIn(user, 'internalemailaddress') ?? userId,
    problems: probed.flatMap(({ error }, index) => {
      const label = probes[index]?.[2] ?? ''
      return error === null || error.code === 'NOT_FOUND' ? [] : [toProblem(error, label)]
    }),
  }
}

function toProblem(error: ProviderError, label: string): CredentialsCheck['problems'][number] {
  const message =
    error.code === 'CRM_FORBIDDEN'
      ? `The user that we act as may not read ${label}. Give its security role this privilege.`
      : `Reading ${label} failed: ${error.message}`
  return { code: error.code, message }
}

function textIn(answer: QueryAnswer | undefined, field: string): string | null {
  if (answer?.body == null) return null
  const value = readObject(answer.body)[field]
  return typeof value === 'string' && value !== '' ? value : null
}
