/** Look-up inputs: what an agent may choose from, and whether what was chosen is one of it. */
import type { CallOptions, EntityDescriptor, FieldCondition } from '@backchannel/providers'
import { withFreshMetadata } from '../integrations/fresh-metadata.ts'
import { fieldsByName } from '../integrations/metadata-fields.ts'
import type { IntegrationService, IntegrationSnapshot } from '../integrations/service.ts'
import type { FieldFilter, LookupSpec, LookupValue } from '../integrations/settings.ts'
import { type FieldError, ValidationError } from '../shared/errors.ts'
import { decodeId } from '../shared/global-id.ts'
import type { Viewer } from '../viewers/viewer.ts'
import { seesEverything } from './access.ts'
import { settingOfFormField } from './form-field.ts'
import { encodeLookupOption } from './lookup-option.ts'
import { passesFilter } from './passes-filter.ts'
import type { GivenField } from './read-form.ts'

export interface LookupRequest {
  /** Of a field of a form, as a global ID. */
  fieldId: string
  term: string
  first: number
}

/** What an admin looks for: all records that our user sees in the org. */
export interface RecordsRequest {
  entityName: string
  term: string
  first: number
}

export interface LookupOption {
  /** What comes back in `FieldValueInput.value`. */
  readonly value: string
  readonly name: string
  /** The display field's value. */
  readonly detail: string | null
}

export interface Lookups {
  /**
   * Records that the field's settings let an agent choose, by what was typed; nothing typed, nothing found.
   *
   * @throws ValidationError also for a field that is no look-up of this workspace; NotConnectedError, CrmError
   */
  find(viewer: Viewer, request: LookupRequest, signal: AbortSignal): Promise<LookupOption[]>
  /**
   * Records of any entity type of the org by their name, for an admin who picks one; nothing typed, nothing found.
   *
   * @throws ValidationError; NotConnectedError, CrmError
   */
  findAny(
    integration: Pick<IntegrationSnapshot, 'workspaceId' | 'id' | 'name'>,
    request: RecordsRequest,
    signal: AbortSignal,
  ): Promise<LookupValue[]>
  /** The same of integrations whose settings need not be saved. */
  findIn(all: readonly IntegrationSnapshot[], request: LookupRequest, signal: AbortSignal): Promise<LookupOption[]>
  /** What of the values that an agent gave points to a record which the field's filter leaves out. */
  check(
    viewer: Viewer,
    integration: IntegrationSnapshot,
    given: readonly GivenField[],
    options: CallOptions,
  ): Promise<FieldError[]>
}

export interface LookupParts {
  integrations: Pick<IntegrationService, 'list' | 'describe' | 'call'>
  workspaceOf(workspaceId: string): Promise<{ countryCode: string }>
}

const maxOptions = 50
const maxTermLength = 500

export function createLookups({ integrations, workspaceOf }: LookupParts): Lookups {
  /** By what the setting says, never by what a caller says: a field that is not set up leads nowhere. */
  function specOf(all: readonly IntegrationSnapshot[], fieldId: string) {
    const setting = settingOfFormField(decodeId('FormField', fieldId) ?? '')
    for (const integration of setting === null ? [] : all) {
      const { exportFields, backendFields } = integration.settings
      const field = (setting?.typename === 'ExportField' ? exportFields : backendFields).find(
        ({ id, variableType }) => id === setting?.id && variableType === 'INPUT',
      )
      if (field?.lookup) return { integration, spec: field.lookup }
    }
    const message = 'This is the id of no look-up. Take one from recordForm or tagForm: a field that has "lookup".'
    throw new ValidationError([{ path: ['fieldId'], message }])
  }

  async function ask(
    integration: Pick<IntegrationSnapshot, 'workspaceId' | 'id' | 'name'>,
    spec: LookupSpec,
    { term, first }: Pick<LookupRequest, 'term' | 'first'>,
    options: CallOptions & { fresh: boolean },
  ) {
    const { workspaceId, id } = integration
    const metadata = await integrations.describe(workspaceId, id, spec.relatedEntity, options)
    if (metadata === null) throw unknownEntity(integration, spec)
    const { target, displayField } = toTarget(spec, metadata)
    const { countryCode: region } = await workspaceOf(workspaceId)
    const { targets } = await integrations.call(workspaceId, id, (provider) =>
      provider.searchRecords({ by: [{ identifier: 'TERM', value: term }], targets: [target], first, region }, options),
    )
    return (targets[0]?.matches ?? []).map(({ record }) => ({
      record,
      detail: displayField === null ? null : (record.fields[displayField]?.value ?? null),
    }))
  }

  async function isOffered(
    integration: IntegrationSnapshot,
    { value: { reference } }: GivenField,
    filter: FieldFilter,
    options: CallOptions,
  ): Promise<boolean> {
    if (reference === null) return true
    const selection = { attributes: [], fields: [filter.field] }
    const [record] = await integrations.call(integration.workspaceId, integration.id, (provider) =>
      provider.findRecords(reference.entityName, [reference.remoteId], selection, options),
    )
    return record ? passesFilter(record.fields[filter.field], filter) : false
  }

  const findIn: Lookups['findIn'] = async (all, request, signal) => {
    const { integration, spec } = specOf(all, request.fieldId)
    const term = request.term.trim()
    const faults = faultsOf({ ...request, term }, 'term')
    if (faults.length > 0) throw new ValidationError(faults)
    if (term === '') return []
    const found = await withFreshMetadata((fresh) => ask(integration, spec, { ...request, term }, { signal, fresh }))
    return found.map(({ record, detail }) => ({ value: encodeLookupOption(record), name: record.name, detail }))
  }

  return {
    findIn,
    find: async ({ workspaceId }, request, signal) => findIn(await integrations.list(workspaceId), request, signal),

    async findAny(integration, request, signal) {
      const term = request.term.trim()
      const faults = faultsOf({ ...request, term }, 'search')
      if (faults.length > 0) throw new ValidationError(faults)
      if (term === '') return []
      const spec = { relatedEntity: request.entityName, searchFields: [], displayField: null, filter: null }
      const found = await withFreshMetadata((fresh) => ask(integration, spec, { ...request, term }, { signal, fresh }))
      return found.map(({ record: { entityName, remoteId, name } }) => ({ entityName, remoteId, name }))
    },

    async check(viewer, integration, given, options) {
      if (seesEverything(viewer)) return []
      const faults = await Promise.all(
        given.map(async (it) => {
          const { field, path } = it
          const filter = field.lookup?.filter ?? null
          if (filter === null || (await isOffered(integration, it, filter, options))) return []
          return [{ path, message: `${field.label} must be one of the records that lookupRecords offers.` }]
        }),
      )
      return faults.flat()
    },
  }
}

/** Where the term is looked for: fields that the org does not have (any more) are left out. */
function toTarget(spec: LookupSpec, metadata: EntityDescriptor) {
  const inOrg = fieldsByName(metadata)
  const searched = spec.searchFields.filter((name) => inOrg.get(name)?.filterable)
  const names = searched.length > 0 ? searched : [metadata.primaryField]
  const displayField = spec.displayField !== null && inOrg.has(spec.displayField) ? spec.displayField : null
  return {
    displayField,
    target: {
      entityName: metadata.name,
      kind: metadata.kind,
      primaryField: metadata.primaryField,
      selection: { attributes: [], fields: displayField === null ? [] : [displayField] },
      identifierFields: { TERM: names.map((name) => ({ name, type: inOrg.get(name)?.type ?? 'TEXT' })) },
      filters: toFilters(spec, inOrg),
    },
  }
}

/** A filter that cannot be kept must not let through what it holds back: the field is asked for all the same. */
function toFilters({ filter }: LookupSpec, inOrg: ReadonlyMap<string, { type: FieldCondition['type'] }>) {
  if (filter === null) return []
  const { field: name, value, relatedEntity } = filter
  return [{ name, type: inOrg.get(name)?.type ?? 'TEXT', value, relatedEntity }]
}

function faultsOf({ term, first }: Pick<LookupRequest, 'term' | 'first'>, termName: string): FieldError[] {
  const faults: FieldError[] = []
  if (term.length > maxTermLength) {
    faults.push({ path: [termName], message: `Look for ${maxTermLength} characters at most.` })
  }
  if (first < 1 || first > maxOptions) faults.push({ path: ['first'], message: `Ask for 1 to ${maxOptions} records.` })
  return faults
}

function unknownEntity({ name }: { name: string }, { relatedEntity }: LookupSpec): ValidationError {
  const message = `${name} has no entity type ${relatedEntity}, or our user there may not see it.`
  return new ValidationError([{ path: ['fieldId'], message }])
}
