/**
 * Puts the audit log around the services: all that is noted stands here, and nothing within them knows of it. An intent is
 * written before the work and makes way for the entry when it is done, before the caller hears of it: an answer that came has
 * its entry. What was refused changed nothing and has none, but for what a CRM was asked to write.
 */
import type { ProviderKey } from '@backchannel/providers'
import type { ErasureService } from '../erasure/service.ts'
import type { IntegrationService, IntegrationSnapshot, ReturningBrowser } from '../integrations/service.ts'
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
import { type AuditAction, inWords } from './action.ts'
import type { AuditFact, AuditFacts, AuditTrail } from './trail.ts'

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
    browser: ReturningBrowser,
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

type Facts = AuditFact | AuditFacts | null

const all = (facts: Facts): AuditFacts => (facts === null ? [] : [facts].flat())

export function withAudit<Services extends Unaudited>(
  services: Services,
  trail: AuditTrail,
): Omit<Services, keyof Audited> & Audited {
  const { viewers, members, workspaces, integrations, settings, records, pushes, erasure } = services

  function noted<Rest extends unknown[], Answer>(
    action: AuditAction,
    work: (viewer: Viewer, ...rest: Rest) => Promise<Answer>,
    factsOf: (answer: Answer, viewer: Viewer, ...rest: Rest) => Facts | Promise<Facts>,
  ): (viewer: Viewer, ...rest: Rest) => Promise<Answer> {
    return (viewer, ...rest) =>
      trail.during(viewer, {
        action,
        run: () => work(viewer, ...rest),
        factsOf: async (answer) => all(await factsOf(answer, viewer, ...rest)),
      })
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
      createApiKey: noted('KEY_CREATED', viewers.createApiKey, ({ apiKey: { id, name, scope } }) => ({
        action: 'KEY_CREATED',
        subject: `${name} (${inWords(scope)})`,
        subjectId: encodeId('ApiKey', id),
      })),
      revokeApiKey: noted('KEY_REVOKED', viewers.revokeApiKey, ({ id, name, scope }) => ({
        action: 'KEY_REVOKED',
        subject: `${name} (${inWords(scope)})`,
        subjectId: encodeId('ApiKey', id),
      })),
      async registerApiKey(workspaceId, key, as) {
        const registered = await viewers.registerApiKey(workspaceId, key, as)
        if (registered !== null) {
          await trail.noteOperator(workspaceId, {
            action: 'KEY_CREATED',
            subject: `${as.name} (${inWords(as.scope)})`,
            subjectId: encodeId('ApiKey', registered.id),
          })
        }
        return registered
      },
    },

    members: {
      ...members,
      invite: noted('MEMBER_INVITED', members.invite, ({ invite: { id, email, role } }) => ({
        action: 'MEMBER_INVITED',
        subject: `${email} (${inWords(role)})`,
        subjectId: encodeId('Invite', id),
      })),
      withdrawInvite: noted('INVITE_WITHDRAWN', members.withdrawInvite, ({ id, email, role }) => ({
        action: 'INVITE_WITHDRAWN',
        subject: `${email} (${inWords(role)})`,
        subjectId: encodeId('Invite', id),
      })),
      changeRole: noted('ROLE_CHANGED', members.changeRole, ({ id, email, role }) => ({
        action: 'ROLE_CHANGED',
        subject: `${email} (${inWords(role)})`,
        subjectId: encodeId('User', id),
      })),
      remove: noted('MEMBER_REMOVED', members.remove, ({ id, email, role }) => ({
        action: 'MEMBER_REMOVED',
        subject: `${email} (${inWords(role)})`,
        subjectId: encodeId('User', id),
      })),
    },

    workspaces: {
      ...workspaces,
      update: noted('WORKSPACE_CHANGED', workspaces.update, (workspace, _viewer, change) => {
        const said = Object.entries(change).flatMap(([name, value]) =>
          value === undefined ? [] : [`${name}: ${value}`],
        )
        return workspaceFact(workspace, said.join(', '))
      }),
      declareChatVariable: noted('WORKSPACE_CHANGED', workspaces.declareChatVariable, (workspace, _viewer, name) =>
        workspaceFact(workspace, `chat variable ${name} declared`),
      ),
      removeChatVariable: noted('WORKSPACE_CHANGED', workspaces.removeChatVariable, (workspace, _viewer, name) =>
        workspaceFact(workspace, `chat variable ${name} removed`),
      ),
    },

    integrations: {
      ...integrations,
      connectDynamics: noted('INTEGRATION_CONNECTED', integrations.connectDynamics, (it) =>
        integrationFact('INTEGRATION_CONNECTED', it),
      ),
      async finishSignIn(provider, query, browser, address) {
        const { returnTo, begunBy, connect } = await integrations.finishSignIn(provider, query, browser)
        const action = 'INTEGRATION_CONNECTED'
        const factsOf = (it: IntegrationSnapshot) => [integrationFact(action, it)]
        await trail.during({ ...begunBy, address }, { action, run: connect, factsOf })
        return returnTo
      },
      disconnect: noted('INTEGRATION_DISCONNECTED', integrations.disconnect, (it) =>
        integrationFact('INTEGRATION_DISCONNECTED', it),
      ),
    },

    settings: {
      ...settings,
      change: noted('SETTINGS_CHANGED', settings.change, ({ integration }, _viewer, _id, expectedVersion) =>
        settingsFact('SETTINGS_CHANGED', integration, expectedVersion),
      ),
      importDocument: noted(
        'SETTINGS_IMPORTED',
        settings.importDocument,
        ({ integration }, _viewer, _id, expectedVersion) =>
          settingsFact('SETTINGS_IMPORTED', integration, expectedVersion),
      ),
      restore: noted('SETTINGS_RESTORED', settings.restore, ({ integration }, _viewer, _id, expectedVersion) =>
        settingsFact('SETTINGS_RESTORED', integration, expectedVersion),
      ),
    },

    records: {
      ...records,
      create: (viewer, input, signal) =>
        trail.during(viewer, {
          action: 'RECORD_CREATED',
          run: () => records.create(viewer, input, signal),
          factsOf: async ({ recordId }) => [await recordFact(viewer, 'RECORD_CREATED', recordId)],
          async factsOfRefusal(error) {
            if (!(error instanceof CrmError)) return []
            const integration = await integrations.find(viewer.workspaceId, input.integrationId)
            return all(integration && integrationFact('RECORD_NOT_CREATED', integration, `: ${error.code}`))
          },
        }),
    },

    pushes: {
      ...pushes,
      tag: noted('RECORD_TAGGED', pushes.tag, (outcomes, viewer) =>
        Promise.all(
          outcomes
            .filter(({ tagId }) => tagId !== null)
            .map(({ recordId }) => recordFact(viewer, 'RECORD_TAGGED', recordId)),
        ),
      ),
      untag: noted('RECORD_UNTAGGED', pushes.untag, async (_conversationId, viewer, tagId) => {
        const { integrationId, entityName } = await pushes.getTag(viewer, tagId)
        const integration = await integrations.find(viewer.workspaceId, integrationId)
        const subject = `${entityName} in ${integration?.name ?? 'an integration that is gone'}`
        return { action: 'RECORD_UNTAGGED', subject, subjectId: encodeId('Tag', tagId) }
      }),
      retry: noted('PUSH_RETRIED', pushes.retry, (_done, _viewer, id) => pushFact('PUSH_RETRIED', id)),
      retryAll: noted('PUSH_RETRIED', pushes.retryAll, (count) => pushesFact('PUSH_RETRIED', count)),
      discard: noted('PUSH_DISCARDED', pushes.discard, (_done, _viewer, id) => pushFact('PUSH_DISCARDED', id)),
      discardAll: noted('PUSH_DISCARDED', pushes.discardAll, (count) => pushesFact('PUSH_DISCARDED', count)),
    },

    erasure: {
      erase: noted(
        'VISITOR_ERASED',
        ({ workspaceId }, visitor) => erasure.erase(workspaceId, visitor),
        ({ conversations }) => ({
          action: 'VISITOR_ERASED',
          subject: conversations === 1 ? '1 conversation' : `${conversations} conversations`,
        }),
      ),
    },
  }
}
