/** Connects the emulated CRMs, each in the way in which a real one is connected. */
import type { HttpClient } from '@backchannel/providers'
import type { Services } from '../context.ts'
import type { Viewer } from '../viewers/viewer.ts'

export interface EmulatedOrgs {
  dynamicsUrl: string
  salesforceUrl: string
}

/** What the emulator lets in: demonstration values, good for nothing anywhere else. */
const dynamicsApp = {
  tenantId: 'b1d5a7c0-4c3e-4f0a-9d61-0c0ffee00001',
  clientId: 'b1d5a7c0-4c3e-4f0a-9d61-0c0ffee00002',
  clientSecret: 'demo-dynamics-client-secret',
}
const PAGE_TIMEOUT_MS = 10_000

/** Connects those of them that the workspace does not have yet; one that was disconnected by hand stays so. */
export async function connectEmulatedOrgs(
  integrations: Services['integrations'],
  viewer: Viewer,
  http: HttpClient,
  { dynamicsUrl, salesforceUrl }: EmulatedOrgs,
): Promise<void> {
  const known = await integrations.list(viewer.workspaceId)
  const missing = (provider: 'DYNAMICS' | 'SALESFORCE') => !known.some((it) => it.emulated && it.provider === provider)

  if (missing('DYNAMICS')) {
    const appRegistration = { ...dynamicsApp, applicationUrl: dynamicsUrl, authority: dynamicsUrl }
    await integrations.connectDynamics(viewer, { appRegistration })
  }
  if (missing('SALESFORCE')) {
    const { authorizeUrl } = await integrations.beginSignIn(viewer, {
      provider: 'SALESFORCE',
      loginUrl: salesforceUrl,
    })
    const ticket = new URL(authorizeUrl).searchParams.get('ticket') ?? ''
    const accepted = await integrations.acceptTicket(ticket)
    const browser = { sessionId: null, mark: accepted.mark }
    await integrations.finishSignIn('SALESFORCE', await allowAccess(http, accepted.authorizeUrl), browser, null)
  }
}

/** Presses "Allow" on the emulator's page, as a person would, and reads where it sends the browser. */
async function allowAccess(http: HttpClient, authorizeUrl: string): Promise<URLSearchParams> {
  const page = new URL(authorizeUrl)
  const form = new URLSearchParams(page.searchParams)
  form.set('decision', 'allow')
  const answer = await http.send({
    method: 'POST',
    url: page.origin + page.pathname,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
    timeoutMs: PAGE_TIMEOUT_MS,
  })
  const back = answer.headers['location']
  if (!back) throw new Error(`The emulated Salesforce did not allow access: HTTP ${answer.status}`)
  return new URL(back).searchParams
}
