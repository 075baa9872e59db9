/**
 * Puts the audit log around the services: all that is noted stands here, and nothing within them knows of it. An entry is
 * written when the work is done and before the caller hears of it: an answer that came has its entry. What failed changed
 * nothing and has none, but for what a CRM was asked to write.
 */
import type { ProviderKey } from '@backchannel/providers'
import type { ErasureService } from '../erasure/service.ts'
import type { IntegrationService } from '../integrations/service.ts'
import type { MemberService } from '../members/service.ts'
import type { PushService } from '../pushes/service.ts'
import { decodeRecordId } from '../records/record-id.ts'
import type { RecordService } from '../records/service.ts'
import type { SettingsService } from '../settings/service.ts'
import { CrmError } from '../shared/errors.ts'
import { encodeId } from '../shared/global-id.ts'
import type { ViewerService } from '../viewers/service.ts'
import type { Viewer } from '../viewers/viewer.ts'
import type { WorkspaceService } from '../workspaces/service.ts'
import type { AuditAction } from './action.ts'
import type { AuditFact, AuditTrail } from './trail.ts'

/** What is done by a viewer, rather than by somebody of whom only the conversations are known: so that it can be noted. */
type ByViewer<Service, Name extends keyof Service> = Omit<Service, Name> & {
  readonly [Method in Name]: Service[Method] extends (...args: [infer _By, ...infer Rest]) => infer Answer
    ? (viewer: Viewer, ...args: Rest) => Answer
    : never
}

export interface AuditedIntegrationService extends Omit<IntegrationService, 'finishSignIn'> {
  /**
   * What the vendor's page sent back. Answers where the person goes on.
   *
   * @param address where the person's browser is
   */
  finishSignIn(
    provider: ProviderKey,
    query: URLSearchParams,
    userId: string | null,
    address: string | null,
  ): Promise<string>
}

export type AuditedPushService = ByViewer<
  PushService,
  'tag' | 'untag' | 'retry' | 'retryAll' | 'discard' | 'discardAll'
>
export type AuditedErasureService = ByViewer<ErasureService, 'erase'>

interface Unaudited {
  readonly viewers: ViewerService
  readonly members: MemberService
  readonly workspaces: WorkspaceService
  readonly integrations: IntegrationService
  readonly settings: SettingsService
  readonly records: RecordService
  readonly pushes: PushService
  readonly erasure: ErasureService
}

interface Audited extends Omit<Unaudited, 'integrations' | 'pushes' | 'erasure'> {
  readonly integrations: AuditedIntegrationService
  readonly pushes: AuditedPushService
  readonly erasure: AuditedErasureService
}

type Facts = AuditFact | readonly AuditFact[] | null

export function withAudit<Services extends Unaudited>(
  services: Services,
  trail: AuditTrail,
): Omit<Services, keyof Audited> & Audited {
  const { viewers, members, workspaces, integrations, settings, records, pushes, erasure } = services

  async function note(viewer: Viewer, facts: Facts): Promise<void> {
    for (const fact of facts === null ? [] : [facts].flat()) await trail.note(viewer, fact)
  }

  function noted<Rest extends unknown[], Answer>(
    work: (viewer: Viewer, ...rest: Rest) => Promise<Answer>,
    factsOf: (answer: Answer, viewer: Viewer, ...rest: Rest) => Facts | Promise<Facts>,
  ): (viewer: Viewer, ...rest: Rest) => Promise<Answer> {
    return async (viewer, ...rest) => {
      const answer = await work(viewer, ...rest)
      await note(viewer, await factsOf(answer, viewer, ...rest))
      return answer
    }
  }

  /** "Contact in Contoso": what kind of record, never which person. */
  async function recordFact(viewer: Viewer, action: AuditAction, recordId: string): Promise<AuditFact> {
    const key = decodeRecordId(recordId)
    const integration = key && (await integrations.find(viewer.workspaceId, key.integrationId))
    const subject = key && `${key.entityName} in ${integration?.name ?? 'an integration that is gone'}`
    return { action, subject, subjectId: recordId }
  }

  const integrationFact = (action: AuditAction, { id, name }: { id: string; name: string }, more = ''): AuditFact => ({
    action,
    subject: `${name}${more}`,
    subjectId: encodeId('Integration', id),
  })

  /** Null where nothing was different. */
  const settingsFact = (
    action: AuditAction,
    integration: { id: string; name: string; settings: { version: number } },
    expectedVersion: number,
  ) =>
    integration.settings.version > expectedVersion
      ? integrationFact(action, integration, `, version ${expectedVersion + 1}`)
      : null

  const workspaceFact = ({ id }: { id: string }, subject: string): AuditFact => ({
    action: 'WORKSPACE_CHANGED',
    subject,
    subjectId: encodeId('Workspace', id),
  })

  const pushesFact = (action: AuditAction, count: number): Facts =>
    count === 0 ? null : { action, subject: count === 1 ? '1 push' : `${count} pushes` }
  const pushFact = (action: AuditAction, id: string): AuditFact => ({
    action,
    subject: '1 push',
    subjectId: encodeId('Push', id),
  })

  return {
    ...services,

    viewers: {
      ...viewers,
      createApiKey: noted(viewers.createApiKey, ({ apiKey: { id, name, scope } }) => ({
        action: 'KEY_CREATED',
        subject: `${name} (${scope})`,
        subjectId: encodeId('ApiKey', id),
      })),
      revokeApiKey: noted(viewers.revokeApiKey, ({ id, name, scope }) => ({
        action: 'KEY_REVOKED',
        subject: `${name} (${scope})`,
        subjectId: encodeId('ApiKey', id),
      })),
      async registerApiKey(workspaceId, key, as) {
        const registered = await viewers.registerApiKey(workspaceId, key, as)
        if (registered !== null) {
          await trail.noteOperator(workspaceId, {
            action: 'KEY_CREATED',
            subject: `${as.name} (${as.scope})`,
            subjectId: encodeId('ApiKey', registered.id),
          })
        }
        return registered
      },
    },

    members: {
      ...members,
      invite: noted(members.invite, ({ invite: { id, email, role } }) => ({
        action: 'MEMBER_INVITED',
        subject: `${email} (${role})`,
        subjectId: encodeId('Invite', id),
      })),
      withdrawInvite: noted(members.withdrawInvite, ({ id, email, role }) => ({
        action: 'INVITE_WITHDRAWN',
        subject: `${email} (${role})`,
        subjectId: encodeId('Invite', id),
      })),
      changeRole: noted(members.changeRole, ({ id, email, role }) => ({
        action: 'ROLE_CHANGED',
        subject: `${email} (${role})`,
        subjectId: encodeId('User', id),
      })),
      remove: noted(members.remove, ({ id, email, role }) => ({
        action: 'MEMBER_REMOVED',
        subject: `${email} (${role})`,
        subjectId: encodeId('User', id),
      })),
    },

    workspaces: {
      ...workspaces,
      update: noted(workspaces.update, (workspace, _viewer, change) => {
        const said = Object.entries(change).flatMap(([name, value]) =>
          value === undefined ? [] : [`${name}: ${value}`],
        )
        return workspaceFact(workspace, said.join(', '))
      }),
      declareChatVariable: noted(workspaces.declareChatVariable, (workspace, _viewer, name) =>
        workspaceFact(workspace, `chat variable ${name} declared`),
      ),
      removeChatVariable: noted(workspaces.removeChatVariable, (workspace, _viewer, name) =>
        workspaceFact(workspace, `chat variable ${name} removed`),
      ),
    },

    integrations: {
      ...integrations,
      connectDynamics: noted(integrations.connectDynamics, (it) => integrationFact('INTEGRATION_CONNECTED', it)),
      async finishSignIn(provider, query, userId, address) {
        const { returnTo, integration, begunBy } = await integrations.finishSignIn(provider, query, userId)
        await trail.note({ ...begunBy, address }, integrationFact('INTEGRATION_CONNECTED', integration))
        return returnTo
      },
      disconnect: noted(integrations.disconnect, (it) => integrationFact('INTEGRATION_DISCONNECTED', it)),
    },

    settings: {
      ...settings,
      change: noted(settings.change, ({ integration }, _viewer, _id, expectedVersion) =>
        settingsFact('SETTINGS_CHANGED', integration, expectedVersion),
      ),
      importDocument: noted(settings.importDocument, ({ integration }, _viewer, _id, expectedVersion) =>
        settingsFact('SETTINGS_IMPORTED', integration, expectedVersion),
      ),
      restore: noted(settings.restore, ({ integration }, _viewer, _id, expectedVersion) =>
        settingsFact('SETTINGS_RESTORED', integration, expectedVersion),
      ),
    },

    records: {
      ...records,
      async create(viewer, input, signal) {
        try {
          const made = await records.create(viewer, input, signal)
          await note(viewer, await recordFact(viewer, 'RECORD_CREATED', made.recordId))
          return made
        } catch (error) {
          if (error instanceof CrmError) {
            const integration = await integrations.find(viewer.workspaceId, input.integrationId)
            if (integration) await note(viewer, integrationFact('RECORD_NOT_CREATED', integration, `: ${error.code}`))
          }
          throw error
        }
      },
    },

    pushes: {
      ...pushes,
      tag: noted(pushes.tag, (outcomes, viewer) =>
        Promise.all(
          outcomes
            .filter(({ tagId }) => tagId !== null)
            .map(({ recordId }) => recordFact(viewer, 'RECORD_TAGGED', recordId)),
        ),
      ),
      untag: noted(pushes.untag, async (_conversationId, viewer, tagId) => {
        const { integrationId, entityName } = await pushes.getTag(viewer, tagId)
        const integration = await integrations.find(viewer.workspaceId, integrationId)
        const subject = `${entityName} in ${integration?.name ?? 'an integration that is gone'}`
        return { action: 'RECORD_UNTAGGED', subject, subjectId: encodeId('Tag', tagId) }
      }),
      retry: noted(pushes.retry, (_done, _viewer, id) => pushFact('PUSH_RETRIED', id)),
      retryAll: noted(pushes.retryAll, (count) => pushesFact('PUSH_RETRIED', count)),
      discard: noted(pushes.discard, (_done, _viewer, id) => pushFact('PUSH_DISCARDED', id)),
      discardAll: noted(pushes.discardAll, (count) => pushesFact('PUSH_DISCARDED', count)),
    },

    erasure: {
      erase: noted(
        ({ workspaceId }, visitor) => erasure.erase(workspaceId, visitor),
        ({ conversations }) => ({
          action: 'VISITOR_ERASED',
          subject: conversations === 1 ? '1 conversation' : `${conversations} conversations`,
        }),
      ),
    },
  }
}
