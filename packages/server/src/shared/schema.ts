/** GraphQL types of the failures that a caller can act on, and of what several domains share. */
import { type ProviderKey, providerDefinitions, providerKeys } from '@backchannel/providers'
import { builder } from '../builder.ts'
import { ErrorCodeEnum } from './error-code-schema.ts'
import {
  type ActionableError,
  ConflictError,
  CrmError,
  type FieldError,
  LimitError,
  NotAllowedError,
  NotConnectedError,
  NotEndedError,
  NotFoundError,
  ValidationError,
} from './errors.ts'
import './scalars.ts'

export const ProviderEnum = builder.enumType('Provider', {
  description: 'The CRMs that Backchannel speaks to.',
  values: Object.fromEntries(
    providerKeys.map((key) => [key, { description: providerDefinitions[key].descriptor.displayName }]),
  ) as Record<ProviderKey, { description: string }>,
})

export const ErrorInterface = builder.interfaceRef<ActionableError>('Error').implement({
  description: 'A failure that a caller can act on.',
  fields: (t) => ({
    code: t.field({ type: ErrorCodeEnum, description: 'The cause, for programs.', resolve: (error) => error.code }),
    message: t.exposeString('message', { description: 'The cause and what to do about it, for people.' }),
  }),
})

const FieldErrorRef = builder.objectRef<FieldError>('FieldError').implement({
  description: 'One input that is wrong.',
  fields: (t) => ({
    path: t.stringList({
      description: 'The path of the input field, so that a form can place the message.',
      resolve: (error) => [...error.path],
    }),
    message: t.exposeString('message', { description: 'What is wrong with it and what would be right.' }),
  }),
})

builder.objectType(ValidationError, {
  name: 'ValidationError',
  description: 'The input is wrong. Nothing was sent to a CRM.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    fields: t.field({
      type: [FieldErrorRef],
      description: 'Each input that is wrong.',
      resolve: (error) => [...error.fields],
    }),
  }),
})

builder.objectType(NotConnectedError, {
  name: 'NotConnectedError',
  description: 'No CRM that could answer is connected. Nothing was sent.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    providers: t.field({
      type: [ProviderEnum],
      description: 'The CRMs that would have to be connected.',
      resolve: (error) => [...error.providers],
    }),
  }),
})

builder.objectType(NotAllowedError, {
  name: 'NotAllowedError',
  description: 'A setting or a role forbids it; the message says which.',
  interfaces: [ErrorInterface],
})

builder.objectType(NotFoundError, {
  name: 'NotFoundError',
  description: 'There is nothing with this id that the caller may see.',
  interfaces: [ErrorInterface],
})

builder.objectType(NotEndedError, {
  name: 'NotEndedError',
  description: 'The chat is still running. Ask with `afterEnd: true` to have it pushed when it has ended.',
  interfaces: [ErrorInterface],
})

builder.objectType(ConflictError, {
  name: 'ConflictError',
  description: 'Somebody else changed it meanwhile, or an idempotency key came back with another input.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    version: t.exposeInt('version', { nullable: true, description: 'The version that is in force now.' }),
    changedBy: t.exposeString('changedBy', { nullable: true, description: 'Who made it.' }),
    changedAt: t.expose('changedAt', { type: 'DateTime', nullable: true, description: 'When it was made.' }),
  }),
})

builder.objectType(LimitError, {
  name: 'LimitError',
  description: 'More was asked than one call may ask for, or too often.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    limit: t.exposeString('limit', { description: 'Which limit, and its value.' }),
    retryAfter: t.exposeInt('retryAfter', { nullable: true, description: 'Seconds to wait, where waiting helps.' }),
  }),
})

builder.objectType(CrmError, {
  name: 'ProviderError',
  description: 'The CRM said no, or said nothing.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    provider: t.field({ type: ProviderEnum, description: 'Which CRM.', resolve: (error) => error.provider }),
    providerCode: t.exposeString('providerCode', { nullable: true, description: "The CRM's own code." }),
    retryAfter: t.exposeInt('retryAfter', { nullable: true, description: 'Seconds to wait, where the CRM said so.' }),
  }),
})
