import { Alert, Badge, Group, Stack, Text, Title } from '@mantine/core'
import type { PlanStep_StepFragment } from '../../graphql/generated/graphql.ts'
import { type FragmentType, graphql, readFragment } from '../../graphql/generated/index.ts'
import { faultOfRefusal } from './fault.ts'
import { sectionOf, titleOf } from './plan-words.ts'
import { FaultNote } from './preview-answer.tsx'
import classes from './preview-panel.module.css'
import { SectionLink } from './section-link.tsx'

const PlanStep_Step = graphql(`
  fragment PlanStep_Step on PlanStep {
    kind
    entityName
    target { name }
    subject
    body
    values { name label value origin { kind settingId text } }
  }
`)

export const Plan_Result = graphql(`
  fragment Plan_Result on PlanResult {
    __typename
    ... on Plan {
      steps { ...PlanStep_Step }
      notes { code text }
    }
    ... on Error { message }
    ... on ValidationError { fields { path message } }
  }
`)

interface PlanProps {
  result: FragmentType<typeof Plan_Result>
  /** What agents call an entity type, by the CRM's own name. */
  labelOf: (entityName: string) => string
}

/** What would be written, step by step, with the origin of every value. */
export function Plan({ result, labelOf }: PlanProps) {
  const plan = readFragment(Plan_Result, result)
  return (
    <section aria-label="What would be written">
      <Stack gap="xs">
        <Title order={3} size="h5">
          What would be written
        </Title>
        <Text size="xs" c="dimmed">
          Only a plan: nothing is sent to the CRM.
        </Text>
        {plan.__typename === 'Plan' ? (
          <>
            {plan.steps.length === 0 && <Text size="sm">Nothing would be written.</Text>}
            <ol className={classes['list']}>
              {plan.steps
                .map((step, index) => ({ step, number: index + 1 }))
                .map(({ step, number }) => (
                  <PlanStep key={number} number={number} step={step} labelOf={labelOf} />
                ))}
            </ol>
            {plan.notes.map(({ code, text }) => (
              <Alert key={`${code} ${text}`} color={calm.has(code) ? 'blue' : 'orange'} p="xs">
                {text}
              </Alert>
            ))}
          </>
        ) : (
          <FaultNote fault={faultOfRefusal(plan)} />
        )}
      </Stack>
    </section>
  )
}

/** Notes that warn of nothing. */
const calm: ReadonlySet<string> = new Set(['LATER_MESSAGES', 'TAGGED_ALREADY', 'CHAT_NOT_ENDED'])

interface PlanStepProps {
  number: number
  step: FragmentType<typeof PlanStep_Step>
  labelOf: (entityName: string) => string
}

function PlanStep({ number, step: masked, labelOf }: PlanStepProps) {
  const step = readFragment(PlanStep_Step, masked)
  const { subject, body, values } = step
  return (
    <li className={classes['card']}>
      <Title order={4} size="h6">
        {number}. {titleOf(step, labelOf)}
      </Title>
      {subject && (
        <Text size="sm">
          <Text span size="sm" c="dimmed">
            Subject{' '}
          </Text>
          {subject}
        </Text>
      )}
      {body && (
        <details className={classes['more']}>
          <summary>Text</summary>
          <pre className={classes['text']}>{body}</pre>
        </details>
      )}
      {values.length > 0 && (
        <ul className={classes['list']} aria-label="Fields">
          {values.map((value) => (
            <PlannedValue key={value.name} {...value} />
          ))}
        </ul>
      )}
    </li>
  )
}

function PlannedValue({ name, label, value, origin }: PlanStep_StepFragment['values'][number]) {
  const section = sectionOf(origin.kind, origin.settingId ?? null)
  return (
    <li>
      <Group gap="xs">
        <Text size="sm">
          <Text span size="sm" c="dimmed">
            {label}{' '}
          </Text>
          {value ?? 'emptied'}
        </Text>
        {origin.kind === 'KEPT' && <Badge color="gray">Kept</Badge>}
      </Group>
      <Text size="xs" c="dimmed">
        {origin.text} · {name}
        {section && ' · '}
        {section && <SectionLink section={section} />}
      </Text>
    </li>
  )
}
