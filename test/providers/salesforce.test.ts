import { describeProvider } from '@backchannel/providers/testing'
import { emulatedSalesforce } from './emulated-org.ts'

await describeProvider('salesforce', emulatedSalesforce)
