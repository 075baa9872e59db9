import { afterAll, beforeAll, expect, it } from 'vitest'
import { ask, type RunningGateway, startGateway } from './running-gateway.ts'

let gateway: RunningGateway

beforeAll(async () => {
  gateway = await startGateway({ people: 10 })
})
afterAll(() => gateway.stop())

const everything = /* GraphQL */ `
  query Everything {
    integrations {
      id
      provider
      entityTypes { id name kind displayName check }
      settings {
        __typename
        id
        version
        searchOrder
        fetchCrmData
        autoSmsPush { enabled entityTypeId field identifier }
        autoChatPush { enabled tagSingleMatchUnasked rules { identifier entityTypeId field } }
        defaultFields { id kind name label required showOnForm demandedByCrm }
        exportFields { id name entityType { id name } check }
        searchFields { id name entityType { id name } check filter { field value } }
        detailFields { id name entityType { id name } check filter { field value } }
        backendFields { id name target entityType { id name } check }
        ... on DynamicsSettings { allowNewCreation allowActivityClosing chatsSaveTo activityTypeName }
        ... on SalesforceSettings {
          allowActivitySubjectChange subjectSuffix personAccountEnabled accountNumberUsed accountEmailField
          sessionIdleMinutes sessionGraceSeconds
        }
      }
    }
  }
`

it('all settings of an integration with its entity types are one query', async () => {
  const { integrations } = await gateway.execute(everything)
  expect(integrations).toHaveLength(2)
  console.log(JSON.stringify(integrations, null, 1).slice(0, 3000))
  const calls = await gateway.countDatabaseCalls(() => gateway.execute(everything))
  expect(calls).toBe(2)
})
