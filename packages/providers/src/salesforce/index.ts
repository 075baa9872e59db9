/** Salesforce: everything about the vendor behind the neutral contract. */
import { startDeadline } from '../http/index.ts'
import type { CrmProvider, ProviderDefinition, ProviderPorts } from '../provider.ts'
import { createAuth } from './auth.ts'
import { createClient } from './client.ts'
import { defaultKeyField, parseSalesforceConfig, type SalesforceConfig } from './config.ts'
import { descriptor } from './descriptor.ts'
import { recordPage } from './mapper.ts'
import { signIn } from './oauth.ts'
import { checkCredentials } from './operations/check.ts'
import { createRecord } from './operations/create.ts'
import { createMetadata } from './operations/describe.ts'
import { createDescribeEntity } from './operations/describe-entity.ts'
import { createActivities } from './operations/file-activity.ts'
import { findRecords } from './operations/find.ts'
import { createRecordTypes } from './operations/record-types.ts'
import { searchRecords } from './operations/search.ts'
import { findSuccessor } from './operations/successor.ts'
import { updateRecord } from './operations/update.ts'

export type { SalesforceConfig }

function create(config: SalesforceConfig, ports: ProviderPorts): CrmProvider {
  const keyFieldName = config.activityKeyField ?? defaultKeyField
  const auth = createAuth(config, ports)
  const client = createClient(ports, auth)
  const metadata = createMetadata(client, keyFieldName, ports.now)
  const recordTypes = createRecordTypes(client, ports.now)
  const describeEntity = createDescribeEntity(metadata, recordTypes)
  const instanceUrl = () => auth.knownInstanceUrl() ?? config.loginUrl
  // Read ahead, so that addresses of records can be told before the first call.
  auth.session(false).catch(() => undefined)
  const parts = { client, metadata, recordTypes, keyFieldName, instanceUrl }
  const activities = createActivities(parts)

  return {
    key: 'SALESFORCE',

    async capabilities(options) {
      const deadline = startDeadline(options)
      const objects = ['Task', 'Account', 'Contact', 'Lead'].map((name) => metadata.object(name, deadline))
      const [task, ...records] = await Promise.all(objects)
      return {
        keyedActivities: task?.keyField != null,
        keyedRecords: records.every((object) => object === null || object.keyField !== null),
      }
    },
    limits: client.limits,
    checkCredentials: (options) => checkCredentials(parts, startDeadline({ ...options, force: true })),

    listEntityTypes: (options) => metadata.objects(startDeadline(options)),
    describeEntityType: (name, options = {}) => describeEntity(name, options, startDeadline(options)),
    describeActivityType: (type, options) => activities.describe(type, startDeadline(options)),

    searchRecords: (request, options) => searchRecords(request, parts, startDeadline(options)),
    findRecords: (entityName, remoteIds, selection, options) =>
      findRecords(entityName, remoteIds, selection, parts, startDeadline(options)),

    createRecord: (request, options) => createRecord(request, parts, startDeadline(options)),
    updateRecord: (reference, change, options) => updateRecord(reference, change, parts, startDeadline(options)),

    findSuccessor: (reference, options) => findSuccessor(reference, parts, startDeadline(options)),

    fileActivity: (draft, options) => activities.file(draft, startDeadline(options)),
    findActivity: (type, remoteId, options) => activities.find(type, remoteId, startDeadline(options)),
    findActivityByKey: (type, key, options) => activities.findByKey(type, key, startDeadline(options)),
    updateActivity: (type, remoteId, change, options) =>
      activities.update(type, remoteId, change, startDeadline(options)),

    recordUrl: ({ entityName, remoteId }) => recordPage(instanceUrl(), entityName, remoteId),
    close: () => Promise.resolve(),
  }
}

export const salesforce: ProviderDefinition<SalesforceConfig> = {
  descriptor,
  parseConfig: parseSalesforceConfig,
  create,
  signIn,
}
