/** Connecting, as the rules of it need it: each in a workspace of its own, so that what is connected elsewhere stays. */
import { randomUUID } from 'node:crypto'
import { afterEach } from 'vitest'
import { beginSignIn, comeBack, connectDynamics, decide } from '../../gateway/connecting.ts'
import type { Org, Provider } from '../../gateway/searching.ts'
import { openRules, type RuleCrm } from './rules.ts'

export interface Method {
  key: string
  redirects: boolean
  fields: { name: string; label: string; required: boolean; secret: boolean }[]
}

/** At the top of a test file, once. Switches of the emulated CRMs are off again after each test. */
export function openConnecting() {
  const rules = openRules({})
  const { running, crm } = rules

  afterEach(async () => {
    const off = { apiOff: false, appNotApproved: false, userNotPermitted: false, noRefreshToken: false }
    await crm('DYNAMICS').control.setSwitches({
      ...off,
      noApplicationUser: false,
      consentMissing: false,
      onPremises: false,
    })
    await crm('SALESFORCE').control.setSwitches(off)
  })

  async function integrationsOf(bearer: string): Promise<(Org & { url: string; connectedAs: string })[]> {
    const query = '{ integrations { id provider status url connectedAs entityTypes { id kind name } } }'
    return (await running().execute(query, {}, bearer)).integrations
  }

  /** Begun here, allowed at the page, and back. */
  async function signInAtSalesforce(bearer: string) {
    return comeBack(await decide(await beginSignIn(running(), {}, bearer)))
  }

  return {
    ...rules,
    /** An ADMIN key of it. */
    newWorkspace: () => running().otherWorkspace(`Connecting ${randomUUID().slice(0, 8)}`),
    integrationsOf,
    signInAtSalesforce,

    /** The emulated org, in its plainest way. */
    async connect({ provider }: RuleCrm, bearer: string): Promise<Org> {
      if (provider === 'DYNAMICS') await connectDynamics(running(), {}, bearer)
      else await signInAtSalesforce(bearer)
      const [org] = await integrationsOf(bearer)
      if (!org) throw new Error('Nothing was connected')
      return org
    },

    /** How the API says that a CRM is connected. */
    async descriptorOf(provider: Provider): Promise<{ connectLabel: string; methods: Method[] }> {
      const { providers } = await running().execute(
        '{ providers { provider connectLabel methods { key redirects fields { name label required secret } } } }',
      )
      return providers.find((it: { provider: Provider }) => it.provider === provider)
    },
  }
}
