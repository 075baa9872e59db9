import { describeProvider } from '@backchannel/providers/testing'
import { emulatedSalesforce } from './emulated-org.ts'

const keyless = 'Contact has no external-ID field in this org, so a create cannot carry a key: `keyedRecords` is false.'

await describeProvider('salesforce', emulatedSalesforce, {
  'create: the same key twice makes one record': keyless,
  'trouble: a record whose creation met DROP_AFTER is one after another try': keyless,
})
