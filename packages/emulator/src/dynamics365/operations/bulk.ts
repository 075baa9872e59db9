/** `CreateMultiple`, `UpdateMultiple` and `UpsertMultiple`: all rows or none (crm-apis.md 1.11). */
import type { EmulatorResponse } from '../../http.ts'
import { type Call, emptyResponse, odataResponse } from '../call.ts'
import { badPayload, invalidArgument, recordNotFound, segmentNotFound } from '../errors.ts'
import type { Org } from '../org.ts'
import type { Entity } from '../schema/index.ts'
import { isObject, parseBody } from '../write/payload.ts'
import { createRow, updateRow, type WriteContext } from '../write/save.ts'
import { writeContext } from './record.ts'

export function answerBulk(call: Call, entity: Entity, message: string, org: Org): EmulatorResponse {
  const targets = readTargets(call, entity)
  const context = writeContext(call, org)
  const { primaryId } = entity.definition
  switch (message) {
    case 'CreateMultiple':
      return odataResponse(200, {
        '@odata.context': `${call.root}/$metadata#Microsoft.Dynamics.CRM.CreateMultipleResponse`,
        Ids: targets.map((target) => createRow(target, entity, context)[primaryId]),
      })
    case 'UpdateMultiple':
      for (const target of targets) save(target, entity, context, false)
      return emptyResponse()
    case 'UpsertMultiple':
      for (const target of targets) save(target, entity, context, true)
      return emptyResponse()
    default:
      throw segmentNotFound(`Microsoft.Dynamics.CRM.${message}`)
  }
}

function readTargets(call: Call, entity: Entity): Record<string, unknown>[] {
  const targets = parseBody(call.body, entity)['Targets']
  if (!Array.isArray(targets) || targets.length === 0)
    throw invalidArgument("The 'Targets' parameter must hold at least one entity.")
  const type = `Microsoft.Dynamics.CRM.${entity.name}`
  return targets.map((target: unknown) => {
    if (!isObject(target) || (target['@odata.type'] !== type && target['@odata.type'] !== `#${type}`)) {
      throw badPayload(
        entity.setName,
        "Microsoft.OData.ODataException: Each target needs an '@odata.type' of its table.",
      )
    }
    return target
  })
}

function save(target: Record<string, unknown>, entity: Entity, context: WriteContext, mayCreate: boolean): void {
  const id = String(target[entity.definition.primaryId]).toLowerCase()
  const before = context.store.table(entity.name).get(id)
  if (before) updateRow(before, target, entity, context)
  else if (mayCreate) createRow(target, entity, context)
  else throw recordNotFound(entity.name, id)
}
