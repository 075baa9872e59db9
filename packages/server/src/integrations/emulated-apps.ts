import type { ProviderKey } from '@backchannel/providers'

/**
 * The apps that the emulated CRMs let in where somebody signs in there: demonstration values, good for nothing anywhere else.
 */
export const emulatedApps: Readonly<Record<ProviderKey, { clientId: string; clientSecret?: string }>> = {
  DYNAMICS: { clientId: 'b1d5a7c0-4c3e-4f0a-9d61-0c0ffee00007' },
  SALESFORCE: {
    clientId: '3MVG9.backchannel.demo.connected.app',
    clientSecret: 'demo-secret-of-the-emulated-salesforce',
  },
}
