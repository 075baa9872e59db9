import { providerDefinitions } from '@backchannel/providers'
import { createMemoryCrm, describeProvider } from '@backchannel/providers/testing'

await describeProvider('memory', () => {
  const { descriptor } = providerDefinitions.DYNAMICS
  const crm = createMemoryCrm(descriptor)
  return {
    descriptor,
    create: () => crm.provider,
    capabilities: { keyedActivities: true, keyedRecords: true },
    activityTypes: [{ type: 'NOTE' }, { type: 'TASK' }],
    unknownContactId: '00000000-0000-4000-8000-000000000000',
    network: null,
    countRequests: () => crm.requests.length,
  }
})
