/** Checks what an agent gave for backend fields against what the forms of the tagged records ask, before anything is kept. */
import type { IntegrationService } from '../integrations/service.ts'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'
import { backendInputs, subjectEntity } from '../records/backend-plan.ts'
import { type FieldValueInput, type GivenField, readFields, unknownTo } from '../records/read-form.ts'
import { ActionableError, type FieldError, type ReferenceSnapshot } from '../shared/errors.ts'
import { findInput } from './given-values.ts'

const path = ['backendValues']

/** Records of one entity type are asked for the same. */
interface Section {
  integration: IntegrationSnapshot
  entityName: string
}

/** What of the values points to a record that an agent may not choose there. */
export type LookupCheck = (
  integration: IntegrationSnapshot,
  given: readonly GivenField[],
) => Promise<readonly FieldError[]>

export interface GivenCheck {
  readonly faults: readonly FieldError[]
  /** Why a record's form could not be had. */
  failureOf(record: Pick<ReferenceSnapshot, 'integrationId' | 'entityName'>): ActionableError | null
}

/** @param records all of those that are tagged and could be had; `others`: there are some that could not */
export async function checkGiven(
  integrations: Pick<IntegrationService, 'find' | 'describe'>,
  workspaceId: string,
  { records, others }: { records: readonly ReferenceSnapshot[]; others: boolean },
  inputs: readonly FieldValueInput[],
  checkLookups: LookupCheck,
): Promise<GivenCheck> {
  const failures = new Map<string, ActionableError>()
  if (inputs.length === 0) return { faults: [], failureOf: () => null }
  const sections = await sectionsOf(integrations, workspaceId, records)
  const faults: FieldError[] = []
  for (const [key, section] of sections) {
    if (!inputs.some((input) => findInput(section.integration, section.entityName, input))) continue
    try {
      faults.push(...(await faultsOf(integrations, section, inputs, checkLookups)))
    } catch (error) {
      if (!(error instanceof ActionableError)) throw error
      failures.set(key, error)
    }
  }
  if (!others) faults.push(...unknownInputs([...sections.values()], inputs))
  return { faults: distinct(faults), failureOf: (record) => failures.get(keyOf(record)) ?? null }
}

const keyOf = ({ integrationId, entityName }: Pick<ReferenceSnapshot, 'integrationId' | 'entityName'>) =>
  `${integrationId} ${entityName}`

async function sectionsOf(
  integrations: Pick<IntegrationService, 'find'>,
  workspaceId: string,
  records: readonly ReferenceSnapshot[],
): Promise<Map<string, Section>> {
  const sections = new Map<string, Section>()
  for (const record of records) {
    if (sections.has(keyOf(record))) continue
    const integration = await integrations.find(workspaceId, record.integrationId)
    if (integration !== null) sections.set(keyOf(record), { integration, entityName: record.entityName })
  }
  return sections
}

/** @throws NotConnectedError, CrmError */
async function faultsOf(
  { describe }: Pick<IntegrationService, 'describe'>,
  { integration, entityName }: Section,
  inputs: readonly FieldValueInput[],
  checkLookups: LookupCheck,
): Promise<readonly FieldError[]> {
  const { workspaceId, id, entityTypes } = integration
  const entityType = entityTypes.find((it) => it.name === entityName)
  const activityName = subjectEntity(integration)
  const [metadata, activityMetadata] = await Promise.all([
    describe(workspaceId, id, entityName),
    activityName === null ? null : describe(workspaceId, id, activityName),
  ])
  if (!entityType || metadata === null) return []
  const { fields } = backendInputs({ integration, entityType, metadata, activityMetadata })
  const { given, faults } = readFields(fields, inputs, path)
  return [...faults, ...(await checkLookups(integration, given))]
}

/** What no record that is tagged asks for. A field that went stale is none of these: it holds up nothing. */
function unknownInputs(sections: readonly Section[], inputs: readonly FieldValueInput[]): FieldError[] {
  return inputs.flatMap((input, index) => {
    const isKnown = sections.some(({ integration, entityName }) => findInput(integration, entityName, input))
    if (isKnown) return []
    const message = `${unknownTo('The form for these records', input)} Take ids or names from tagForm.`
    return [{ path: [...path, String(index), input.name ?? 'fieldId'], message }]
  })
}

function distinct(faults: readonly FieldError[]): FieldError[] {
  return [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()]
}
