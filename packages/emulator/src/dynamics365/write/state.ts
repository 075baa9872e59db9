/** States and statuses belong together, and some states only an action of the vendor reaches (crm-apis.md 1.10). */
import type { Row } from '../../store.ts'
import { DataverseError } from '../errors.ts'
import type { Entity } from '../schema/index.ts'
import type { Payload } from './payload.ts'

/**
 * Completes the pair in the values: a state alone brings its default status, a status alone moves the state. Without
 * a row before, a row is being made: it starts in its first state, whatever state is given.
 */
export function settleState(values: Payload['values'], entity: Entity, before: Row | undefined): void {
  const state = entity.attributes.get('statecode')?.definition
  const status = entity.attributes.get('statuscode')?.definition
  if (state?.type !== 'State' || status?.type !== 'Status') return

  const first = state.options[0]?.value ?? 0
  if (!before) values['statecode'] = first
  const givenState = values['statecode']
  const givenStatus = values['statuscode']
  if (givenState === undefined && givenStatus === undefined) return

  const chosen = status.options.find((option) => option.value === givenStatus)
  const wanted = typeof givenState === 'number' ? givenState : (chosen?.state ?? first)
  if (chosen && chosen.state !== wanted) throw mismatch(chosen.value, wanted, entity)
  if (before && before['statecode'] !== wanted) refuseAction(wanted, entity)
  values['statecode'] = wanted
  values['statuscode'] = chosen?.value ?? state.options.find((option) => option.value === wanted)?.defaultStatus ?? null
}

function mismatch(status: number, wanted: number, entity: Entity): DataverseError {
  return new DataverseError(
    400,
    '0x80048408',
    `${status} is not a valid status code for state code ${entity.definition.schemaName}State.${nameOf(wanted, entity)} on ${entity.name}.`,
  )
}

function refuseAction(wanted: number, entity: Entity): void {
  const action = entity.definition.stateActions?.[wanted]
  if (!action) return
  const state = nameOf(wanted, entity)
  throw new DataverseError(
    400,
    '0x80048408',
    `This message can not be used to set the state of ${entity.name} to ${state}. In order to set state of ${entity.name} to ${state}, use the ${action} message instead.`,
  )
}

function nameOf(value: number, entity: Entity): string {
  const state = entity.attributes.get('statecode')?.definition
  const option = state?.type === 'State' ? state.options.find((candidate) => candidate.value === value) : undefined
  return option?.invariantName ?? String(value)
}
