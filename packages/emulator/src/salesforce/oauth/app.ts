import { makeId } from '../ids.ts'

/** The connected app of the emulated org and its people: demonstration credentials, good for nothing else. */
export const demoConnectedApp = {
  clientId: '3MVG9.backchannel.demo.connected.app',
  clientSecret: 'demo-secret-of-the-emulated-salesforce',
} as const

export const demoSalesforceUser = {
  username: 'ines.demo@emulated-salesforce.example',
  firstName: 'Ines',
  lastName: 'Demo',
  email: 'ines.demo@people.example',
  timeZone: 'America/Chicago',
} as const

/** Ids of the org and of the user in whose name every call is made. */
export const orgId = makeId('00D', 1)
export const userId = makeId('005', 1)

/** What a client needs to sign in, and whom it finds there. */
export const salesforceDemo = { ...demoConnectedApp, ...demoSalesforceUser, orgId, userId } as const
