import { type FieldType, providerDefinitions } from '@backchannel/providers'
import { createMemoryCrm, describeProvider } from '@backchannel/providers/testing'

const options = [
  { value: '1', label: 'Sport' },
  { value: '2', label: 'Music' },
  { value: '3', label: 'Travel' },
]
/** Fields of the types that the vendor's own fields do not have. */
const fields = ['contact', 'lead'].flatMap((entityName) => [
  ...(['WHOLE_NUMBER', 'CURRENCY', 'DECIMAL', 'DATE', 'DATE_TIME', 'TWO_OPTIONS'] satisfies FieldType[]).map(
    (type) => ({ entityName, name: `new_${type.toLowerCase()}`, type }),
  ),
  ...(['OPTION_SET', 'MULTI_OPTION_SET'] satisfies FieldType[]).map((type) => ({
    entityName,
    name: `new_${type.toLowerCase()}`,
    type,
    options,
  })),
  { entityName, name: 'new_city', type: 'TEXT' as const },
  { entityName, name: 'new_contact', type: 'LOOKUP' as const, targets: ['contact'] },
])

await describeProvider('memory', () => {
  const { descriptor } = providerDefinitions.DYNAMICS
  const crm = createMemoryCrm(descriptor, { fields })
  return {
    descriptor,
    create: () => crm.provider,
    capabilities: { keyedActivities: true, keyedRecords: true },
    activityTypes: [{ type: 'NOTE' }, { type: 'TASK' }],
    unknownContactId: '00000000-0000-4000-8000-000000000000',
    people: {
      remove: async ({ remoteId }) => void crm.rows.delete(remoteId),
      async merge(loser, reference) {
        crm.rows.delete(loser.remoteId)
        crm.successors.set(loser.remoteId, { how: 'MERGED', reference })
      },
      async convertLead(lead, { contact, account }) {
        const reference = contact ?? account
        if (reference) crm.successors.set(lead.remoteId, { how: 'CONVERTED', reference })
      },
    },
    network: null,
    countRequests: () => crm.requests.length,
  }
})
