/** Plans in GraphQL: what will be done in a CRM, where each part comes from, and why. */
import type { FieldValue } from '@backchannel/providers'
import { builder } from '../builder.ts'
import { RecordReferenceRef } from '../records/schema.ts'
import { CrmError, NotAllowedError, NotConnectedError, NotFoundError, ValidationError } from '../shared/errors.ts'
import type {
  Explanation,
  OriginKind,
  Plan,
  PlanNote,
  PlannedValue,
  PlanStep,
  PlanStepKind,
  ValueOrigin,
} from './plan.ts'

export const ExplanationRef = builder.objectRef<Explanation>('Explanation').implement({
  description: 'Why something was decided.',
  fields: (t) => ({
    rule: t.exposeString('rule', { description: 'The id of the rule, such as D-PSH-05.' }),
    text: t.exposeString('text', { description: 'The reason, for people.' }),
    settingId: t.id({
      nullable: true,
      description: 'The global ID of the setting that decided it.',
      resolve: ({ settingId }) => settingId ?? null,
    }),
  }),
})

export const PlanNoteRef = builder.objectRef<PlanNote>('PlanNote').implement({
  description: 'Something that a person should know of.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'What it is, for programs.' }),
    text: t.exposeString('text', { description: 'What it is, for people.' }),
    settingId: t.id({
      nullable: true,
      description: 'The global ID of the setting that it is about.',
      resolve: ({ settingId }) => settingId ?? null,
    }),
  }),
})

const OriginKindEnum = builder.enumType('OriginKind', {
  description: 'Where a value comes from.',
  values: {
    DEFAULT: { description: 'A built-in field of the form.' },
    INPUT: { description: 'An export field that the agent filled in.' },
    CONSTANT: { description: 'An export field with a fixed value.' },
    CHAT_VARIABLE: { description: 'An export field that takes a chat variable.' },
    BACKEND_INPUT: { description: 'A backend field that the agent filled in.' },
    BACKEND_CONSTANT: { description: 'A backend field with a fixed value.' },
    VISITOR: { description: 'What is known of the visitor.' },
    SYSTEM: { description: 'Made by this product.' },
    KEPT: { description: 'What the CRM holds already.' },
  } satisfies Record<OriginKind, { description: string }>,
})

const ValueOriginRef = builder.objectRef<ValueOrigin>('ValueOrigin').implement({
  description: 'Where a value comes from.',
  fields: (t) => ({
    kind: t.field({ type: OriginKindEnum, description: 'Which kind of source.', resolve: (origin) => origin.kind }),
    settingId: t.id({
      nullable: true,
      description: 'The global ID of the setting that gave it.',
      resolve: ({ settingId }) => settingId,
    }),
    text: t.exposeString('text', { description: 'The source, for people.' }),
  }),
})

const PlannedValueRef = builder.objectRef<PlannedValue>('PlannedValue').implement({
  description: 'One field that will be written, or that is kept as it is where its origin says so.',
  fields: (t) => ({
    name: t.exposeString('name', { description: "The CRM's own field name." }),
    label: t.exposeString('label', { description: 'Its label.' }),
    value: t.string({ nullable: true, description: 'The value as text.', resolve: ({ write }) => textOf(write) }),
    raw: t.field({
      type: 'JSON',
      nullable: true,
      description: 'The value as it is handed to the CRM.',
      resolve: ({ write }) => write.reference ?? write.values ?? write.value,
    }),
    origin: t.field({ type: ValueOriginRef, description: 'Where it comes from.', resolve: ({ origin }) => origin }),
  }),
})

const PlanStepKindEnum = builder.enumType('PlanStepKind', {
  description: 'What one step does.',
  values: {
    CREATE_RECORD: { description: 'Makes a record.' },
    UPDATE_RECORD: { description: 'Writes fields of a record that is there.' },
    CREATE_ACTIVITY: { description: 'Makes an activity with the transcript.' },
    EXTEND_ACTIVITY: { description: 'Brings the text of an activity up to date.' },
    CLOSE_ACTIVITY: { description: 'Marks an activity as completed.' },
    SKIP: { description: 'Does nothing; the notes say why.' },
  } satisfies Record<PlanStepKind, { description: string }>,
})

const PlanStepRef = builder.objectRef<PlanStep>('PlanStep').implement({
  description: 'One step of a plan.',
  fields: (t) => ({
    kind: t.field({ type: PlanStepKindEnum, description: 'What it does.', resolve: (step) => step.kind }),
    target: t.field({
      type: RecordReferenceRef,
      nullable: true,
      description: 'The record that it changes, or that its activity is about; null for one that is yet to be made.',
      resolve: (step) => step.target,
    }),
    entityName: t.exposeString('entityName', {
      description: "The CRM's own name of what is made or changed; NOTE and TASK for a note and a task of either CRM.",
    }),
    values: t.field({
      type: [PlannedValueRef],
      description: 'The fields that it writes; those of origin KEPT stay as they are.',
      resolve: (step) => [...step.values],
    }),
    subject: t.exposeString('subject', { nullable: true, description: 'The subject of the activity.' }),
    body: t.exposeString('body', { nullable: true, description: 'The text of the activity.' }),
  }),
})

const PlanRef = builder.objectRef<Plan & { __typename: 'Plan' }>('Plan').implement({
  description: 'What will be done in a CRM, in this order.',
  fields: (t) => ({
    steps: t.field({ type: [PlanStepRef], description: 'The steps.', resolve: (plan) => [...plan.steps] }),
    notes: t.field({
      type: [PlanNoteRef],
      description: 'What a person should know of.',
      resolve: (plan) => [...plan.notes],
    }),
  }),
})

export const PlanResult = builder.errorUnion('PlanResult', {
  description: 'What asking for a plan can come to.',
  types: [PlanRef, ValidationError, NotConnectedError, NotAllowedError, NotFoundError, CrmError],
})

function textOf({ reference, values, value }: FieldValue): string | null {
  return reference?.remoteId ?? values?.join(';') ?? value
}
