import { describeProvider } from '@backchannel/providers/testing'
import { emulatedDynamics } from './emulated-org.ts'

await describeProvider('dynamics365', emulatedDynamics, {
  'create: a record without what the CRM demands is refused by the name of the field':
    'Dataverse saves a contact without a name: what its forms demand, its API does not (crm-apis.md 1.7).',
})
