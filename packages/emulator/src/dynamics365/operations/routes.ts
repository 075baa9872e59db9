/** Which operation a call is. */
import type { EmulatorResponse } from '../../http.ts'
import { type Call, odataResponse } from '../call.ts'
import { dynamicsDemo } from '../demo.ts'
import { DataverseError, errorResponse, methodNotAllowed, segmentNotFound } from '../errors.ts'
import { answerMetadata, isMetadata } from '../metadata/routes.ts'
import type { Org } from '../org.ts'
import { readPreferences } from '../preferences.ts'
import type { Entity } from '../schema/index.ts'
import { parseKey, splitKey } from '../write/key.ts'
import { answerBulk } from './bulk.ts'
import { countRows, listRows } from './collection.ts'
import { answerProperty } from './property.ts'
import { answerRecord, getRow, postRecord } from './record.ts'

const actionPrefix = 'Microsoft.Dynamics.CRM.'

/** Answers one operation, refusals included. What it changes it changes wholly or not at all. */
export function answerCall(call: Call, org: Org): EmulatorResponse {
  try {
    return org.store.transaction(() => route(call, org))
  } catch (error) {
    if (!(error instanceof DataverseError)) throw error
    return errorResponse(error, readPreferences(call.headers['prefer']).annotations.all)
  }
}

function route(call: Call, org: Org): EmulatorResponse {
  const [first = '', ...rest] = call.segments
  switch (first) {
    case '':
      return serviceDocument(call, org)
    case 'WhoAmI':
    case 'WhoAmI()':
      return odataResponse(200, {
        '@odata.context': `${call.root}/$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse`,
        BusinessUnitId: dynamicsDemo.businessUnitId,
        UserId: org.userId,
        OrganizationId: dynamicsDemo.organizationId,
      })
    case 'RetrieveVersion':
    case 'RetrieveVersion()':
      return odataResponse(200, {
        '@odata.context': `${call.root}/$metadata#Microsoft.Dynamics.CRM.RetrieveVersionResponse`,
        Version: '9.2.24014.00198',
      })
  }
  if (isMetadata(first)) return answerMetadata(call, org)
  const split = splitKey(first)
  const entity = split && org.model().sets.get(split.name)
  if (!split || !entity) throw segmentNotFound(split?.name ?? first)
  if (split.key === undefined) return routeSet(call, entity, rest, org)
  const key = parseKey(split.key, entity)
  if (rest.length === 0) return answerRecord(call, entity, key, org)
  return answerProperty(call, entity, getRow(key, entity, org), rest, org)
}

function routeSet(call: Call, entity: Entity, [next, ...rest]: readonly string[], org: Org): EmulatorResponse {
  if (rest.length > 0) throw segmentNotFound(rest.at(-1) ?? '')
  if (next === '$count') return countRows(call, entity, org)
  if (next?.startsWith(actionPrefix)) {
    if (call.method !== 'POST') throw methodNotAllowed(call.method)
    return answerBulk(call, entity, next.slice(actionPrefix.length), org)
  }
  if (next !== undefined) throw segmentNotFound(next)
  if (call.method === 'GET') return listRows(call, entity, org, `${call.root}/${entity.setName}`)
  if (call.method === 'POST') return postRecord(call, entity, org)
  throw methodNotAllowed(call.method)
}

function serviceDocument(call: Call, org: Org): EmulatorResponse {
  const value = [...org.model().sets.keys()].map((name) => ({ name, kind: 'EntitySet', url: name }))
  return odataResponse(200, { '@odata.context': `${call.root}/$metadata`, value })
}
