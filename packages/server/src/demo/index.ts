/** The demo: a workspace with both emulated CRMs, a key for GraphiQL, and a conversation to tag. */
import type { HttpClient } from '@backchannel/providers'
import type { Services } from '../context.ts'
import type { ExampleOperation } from '../http/graphiql.ts'
import type { SecretBox } from '../secrets/secret-box.ts'
import type { Logger } from '../shared/logger.ts'
import { heldScopes, type Viewer } from '../viewers/viewer.ts'
import { connectEmulatedOrgs, type EmulatedOrgs } from './emulated-orgs.ts'
import { exampleOperations, findExampleIds } from './example-operations.ts'

export interface DemoParts {
  services: Services
  secrets: SecretBox
  http: HttpClient
  logger: Logger
  orgs: EmulatedOrgs
  workspaceId: string
}

export interface Demo {
  /** Opens the workspace with every right. It is shown to this machine only. */
  readonly key: string
  /** Operations with the ids of what is there now. They work as they stand, but for the last: it connects an org of your own. */
  examples(): Promise<readonly ExampleOperation[]>
  close(): void
}

const RETRY_MS = 5_000

/** Sets the demo up, and again at every start: what is there stays as it is. */
export async function startDemo({ services, secrets, http, logger, orgs, workspaceId }: DemoParts): Promise<Demo> {
  const { viewers, integrations } = services
  const viewer = demoViewer(workspaceId)
  // Made anew from our encryption keys each time, so that no readable key is kept anywhere.
  const key = `bck_${secrets.hash('demo-api-key', workspaceId)}`
  await viewers.registerApiKey(workspaceId, key, { name: 'GraphiQL on this machine', scope: 'ADMIN' })

  let retry: NodeJS.Timeout | undefined
  async function connect(): Promise<void> {
    try {
      await connectEmulatedOrgs(integrations, viewer, http, orgs)
    } catch (error) {
      logger.warn({ err: error }, 'The emulated CRMs do not answer. Start them with "npm start"; it is tried again')
      retry = setTimeout(() => void connect(), RETRY_MS)
    }
  }
  await connect()

  return {
    key,
    examples: async () => exampleOperations(await findExampleIds(services, viewer)),
    close: () => clearTimeout(retry),
  }
}

/** In whose name the demo is set up. */
function demoViewer(workspaceId: string): Viewer {
  return {
    kind: 'API_KEY',
    workspaceId,
    scopes: heldScopes('ADMIN'),
    actor: 'Demo',
    userId: null,
    apiKeyId: null,
    agent: null,
    conversationIds: null,
    address: null,
  }
}
