/**
 * Rules as tests. A test names one row of docs/rules.md and one CRM, and says the outcome; rows of both CRMs that say the
 * same thing (twins) run from one table. They share one gateway with both emulated CRMs; each test begins with the
 * settings that a new integration has.
 */
import { randomUUID } from 'node:crypto'
import type { ControlClient } from '@backchannel/emulator'
import { afterAll, beforeAll, test } from 'vitest'
import { lookUpId } from '../../../packages/server/src/shared/global-id.ts'
import { type RunningGateway, type RunningGatewayOptions, startGateway } from '../../gateway/running-gateway.ts'
import { type Org, orgsOf, type Provider } from '../../gateway/searching.ts'
import { type CrmNames, crmNames } from './crm-names.ts'

/** One CRM under test. */
export interface RuleCrm {
  readonly provider: Provider
  readonly running: RunningGateway
  readonly org: Org
  /** What the emulated org saw and holds. */
  readonly control: ControlClient
  /** The CRM's own names of what tests speak of. */
  readonly names: CrmNames
  /** Puts these members of the settings document in place of those of a new integration. Answers the new version. */
  settings(changes: Record<string, unknown>): Promise<number>
  /** The settings document in force. */
  document(): Promise<Record<string, unknown>>
  version(): Promise<number>
  /** An agent's token, as a chat frontend has it. */
  agent(conversationIds?: readonly string[]): Promise<string>
}

type RunRule = (crm: RuleCrm) => Promise<void>

export interface Rules {
  running(): RunningGateway
  crm(provider: Provider): RuleCrm
  /** One test for each row given; its name is the row and the outcome. */
  twins(rows: Partial<Record<Provider, string>>, outcome: string, run: RunRule): void
}

/** At the top of a test file, once. */
export function openRules(options: RunningGatewayOptions = { worker: true }): Rules {
  let running: RunningGateway | undefined
  let crms: Record<Provider, RuleCrm> | undefined

  beforeAll(async () => {
    running = await startGateway(options)
    const orgs = await orgsOf(running)
    crms = {
      DYNAMICS: await openCrm(running, orgs.DYNAMICS, running.crm.dynamics),
      SALESFORCE: await openCrm(running, orgs.SALESFORCE, running.crm.salesforce),
    }
  })
  afterAll(() => running?.stop())

  const opened = <T>(it: T | undefined): T => {
    if (it === undefined) throw new Error('The gateway is not running yet: use it inside a test')
    return it
  }
  return {
    running: () => opened(running),
    crm: (provider) => opened(crms)[provider],
    twins(rows, outcome, run) {
      for (const [provider, row] of Object.entries(rows) as [Provider, string][]) {
        test(`${row} ${outcome}`, async () => {
          const crm = opened(crms)[provider]
          await crm.settings({})
          await run(crm)
        })
      }
    },
  }
}

/** One CRM of a running gateway, with the settings that it has now as those of a new integration. */
export async function openCrm(running: RunningGateway, org: Org, control: ControlClient): Promise<RuleCrm> {
  const { settings } = running.gateway.services
  const integrationId = lookUpId('Integration', org.id)
  const admin = running.viewer('ADMIN')
  const document = async () => (await settings.exportDocument(admin, integrationId)) as Record<string, unknown>
  const initial = await document()

  async function version(): Promise<number> {
    const integration = await running.gateway.services.integrations.find(running.workspaceId, integrationId)
    if (integration === null) throw new Error(`There is no integration ${org.provider}`)
    return integration.settings.version
  }

  const service = await running.key('SERVICE')
  return {
    provider: org.provider,
    running,
    org,
    control,
    names: crmNames[org.provider],
    document,
    version,
    async settings(changes) {
      await settings.importDocument(admin, integrationId, await version(), { ...initial, ...changes })
      return version()
    },
    async agent(conversationIds) {
      const { issueAgentToken } = await running.execute(
        `mutation ($agentId: String!, $conversationIds: [ID!]) {
          issueAgentToken(agentId: $agentId, agentName: "Agent", conversationIds: $conversationIds) {
            ... on IssueAgentTokenSuccess { token }
            ... on Error { message }
          }
        }`,
        { agentId: randomUUID(), conversationIds },
        service,
      )
      return issueAgentToken.token
    },
  }
}
