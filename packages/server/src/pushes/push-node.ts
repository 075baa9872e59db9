/** Pushes and the pages that they come in, as GraphQL types. */
import type { ProviderErrorCode } from '@backchannel/providers'
import { builder } from '../builder.ts'
import type { ConversationScope } from '../conversations/conversation.ts'
import type { PushStatus } from '../generated/prisma/client.ts'
import { ExplanationRef, PlanNoteRef } from '../plans/schema.ts'
import { toErrorValue } from '../shared/error-value.ts'
import { CrmError } from '../shared/errors.ts'
import { ErrorInterface } from '../shared/schema.ts'
import { withAdvice } from './advice.ts'
import { warningsOf, whyOf } from './service.ts'

export const PushStatusEnum = builder.enumType('PushStatus', {
  description: 'How far a push is.',
  values: {
    WAITING_FOR_END: { description: 'The chat has not ended yet.' },
    WAITING_FOR_INTEGRATION: { description: 'The CRM is disconnected; it goes on when it is connected again.' },
    QUEUED: { description: 'It is next.' },
    DELIVERING: { description: 'It is under way.' },
    RETRYING: { description: 'It failed and is tried again by itself; `error` says why and `nextAttemptAt` when.' },
    DELIVERED: { description: 'The CRM holds all of it.' },
    PARTIAL: { description: 'The text is there; something besides could not be done.' },
    FAILED: { description: 'It needs a person; `error` says why.' },
    DISCARDED: { description: 'A person gave it up, or took the record off before it was delivered.' },
  } satisfies Record<PushStatus, { description: string }>,
})

const MessageRangeRef = builder.objectRef<{ first: number; last: number }>('MessageRange').implement({
  description: 'Messages of a conversation by their numbers, each of them from the first to the last.',
  fields: (t) => ({
    first: t.exposeInt('first', { description: 'The number of the first.' }),
    last: t.exposeInt('last', { description: 'The number of the last.' }),
  }),
})

export const PushedActivityRef = builder.prismaObject('PushActivity', {
  name: 'PushedActivity',
  description: 'An activity in the CRM that a push wrote.',
  fields: (t) => ({
    part: t.exposeInt('part', { description: 'Which part of the text it holds, from 1.' }),
    remoteId: t.string({ description: "The CRM's own key of it.", resolve: (activity) => activity.remoteId ?? '' }),
    url: t.field({ type: 'URL', description: 'Opens it in the CRM.', resolve: (activity) => activity.url ?? '' }),
    closed: t.exposeBoolean('closed', { description: 'Whether it is completed there.' }),
  }),
})

export const PushRef = builder.prismaNode('Push', {
  description: 'What one activity in the CRM must hold, and how far it is.',
  id: { field: 'id' },
  nullable: true,
  // Its plan holds a whole transcript: it is read only where it is asked for.
  select: { id: true },
  findUnique: (id, { viewer }) => ({ id, workspaceId: viewer.workspaceId, ...ofConversations(viewer) }),
  fields: (t) => ({
    tag: t.relation('tag', { description: 'What it follows from.' }),
    conversation: t.relation('conversation', { description: 'Whose text it delivers.' }),
    status: t.expose('status', { type: PushStatusEnum, description: 'How far it is.' }),
    activityType: t.exposeString('activityType', { description: 'NOTE, TASK, or the name of a custom activity.' }),
    subject: t.string({
      nullable: true,
      description: 'The subject of the activity; null until the push falls due.',
      select: { planSealed: true },
      resolve: (push, _args, { services }) => services.pushes.planOf(push)?.subject ?? null,
    }),
    activities: t.relation('activities', {
      query: { where: { remoteId: { not: null } }, orderBy: { part: 'asc' } },
      description: 'What it wrote; more than one where the text outgrew the field.',
    }),
    deliveredMessages: t.int({
      description: 'How many messages the delivered text holds.',
      select: { deliveredMessages: true, startsAfter: true },
      resolve: (push) => push.deliveredMessages - push.startsAfter,
    }),
    deliveredNumbers: t.field({
      type: MessageRangeRef,
      nullable: true,
      description: 'Which messages the delivered text holds, as `Message.number` counts them; null for none.',
      select: { deliveredMessages: true, startsAfter: true },
      resolve: ({ deliveredMessages, startsAfter }) =>
        deliveredMessages > startsAfter ? { first: startsAfter + 1, last: deliveredMessages } : null,
    }),
    attempts: t.exposeInt('attempts', { description: 'How often it was tried since it last fell due.' }),
    nextAttemptAt: t.expose('nextAttemptAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it is tried next.',
    }),
    error: t.field({
      type: ErrorInterface,
      nullable: true,
      description: 'What the last attempt failed by, and what to do about it where a person is needed.',
      select: {
        errorCode: true,
        status: true,
        id: true,
        errorSealed: true,
        errorProviderCode: true,
        errorRetryAfter: true,
        integration: { select: { provider: true } },
      },
      resolve: (
        { id, status, errorCode, errorSealed, errorProviderCode, errorRetryAfter, integration },
        _args,
        { services },
      ) =>
        errorCode === null
          ? null
          : toErrorValue(
              new CrmError(integration.provider, {
                code: errorCode as ProviderErrorCode,
                message: withAdvice(services.pushes.errorOf({ id, errorSealed }), { status, errorCode }),
                providerCode: errorProviderCode ?? undefined,
                retryAfter: errorRetryAfter ?? undefined,
              }),
            ),
    }),
    warnings: t.field({
      type: [PlanNoteRef],
      description: 'What a person should know of.',
      select: { planSealed: true },
      resolve: (push, _args, { services }) => {
        const plan = services.pushes.planOf(push)
        return plan === null ? [] : warningsOf(plan)
      },
    }),
    why: t.field({
      type: [ExplanationRef],
      description: 'Why it is as it is.',
      select: { planSealed: true },
      resolve: (push, _args, { services }) => {
        const plan = services.pushes.planOf(push)
        return plan === null ? [] : whyOf(plan)
      },
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was asked for.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
  }),
})

/** An agent that is bound to conversations reaches only what belongs to them. */
export function ofConversations({ conversationIds }: ConversationScope) {
  return conversationIds === null ? {} : { conversationId: { in: [...conversationIds] } }
}
