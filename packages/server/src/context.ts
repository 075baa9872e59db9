/** What every resolver is handed: who calls, and the services. */
import type { AuditedErasureService, AuditedIntegrationService, AuditedPushService } from './audit/audited.ts'
import type { AuditService } from './audit/service.ts'
import type { ConversationService } from './conversations/service.ts'
import type { EventBus } from './events/bus.ts'
import type { PrismaClient } from './generated/prisma/client.ts'
import type { MatchingService } from './matching/service.ts'
import type { MemberService } from './members/service.ts'
import type { PreviewService } from './preview/service.ts'
import type { RecordLoaders } from './records/loaders.ts'
import type { RecordService } from './records/service.ts'
import type { SearchService } from './search/service.ts'
import type { SettingsRows } from './settings/rows-store.ts'
import type { SettingsService } from './settings/service.ts'
import type { SharedState } from './shared-state/shared-state.ts'
import type { ViewerService } from './viewers/service.ts'
import type { Viewer } from './viewers/viewer.ts'
import type { WorkspaceService } from './workspaces/service.ts'

/** One of each, made by `gateway.ts`, the same for every request. */
export interface Services {
  readonly viewers: ViewerService
  readonly members: MemberService
  readonly workspaces: WorkspaceService
  readonly integrations: AuditedIntegrationService
  readonly settings: SettingsService
  readonly settingsRows: SettingsRows
  readonly search: SearchService
  readonly records: RecordService
  readonly conversations: ConversationService
  readonly pushes: AuditedPushService
  readonly matching: MatchingService
  readonly erasure: AuditedErasureService
  readonly audit: AuditService
  readonly preview: PreviewService
  readonly events: EventBus
  /** What is shared with other instances, and whether that is in trouble. */
  readonly shared: Pick<SharedState, 'trouble'>
}

/** Made for each request. */
export interface GatewayContext {
  readonly viewer: Viewer
  readonly requestId: string
  /** Ends when the caller goes away, and with it the CRM calls made for this request. */
  readonly signal: AbortSignal
  readonly services: Services
  /** For the Prisma plugin only; everything else goes through a service. */
  readonly prisma: PrismaClient
  readonly loaders: RecordLoaders
}
