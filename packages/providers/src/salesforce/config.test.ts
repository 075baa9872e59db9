import { describe, expect, it } from 'vitest'
import { ProviderError } from '../errors.ts'
import { parseSalesforceConfig } from './config.ts'

const faultsOf = (json: unknown) => {
  try {
    parseSalesforceConfig(json)
  } catch (error) {
    if (error instanceof ProviderError) return error.fields.map((field) => field.name)
  }
  return []
}

describe('configuration', () => {
  it('needs no more than the app, and signs in at the production login', () => {
    expect(parseSalesforceConfig({ method: 'SIGN_IN', clientId: ' 3MVG9 ' })).toEqual({
      method: 'SIGN_IN',
      loginUrl: 'https://login.salesforce.com',
      clientId: '3MVG9',
    })
  })

  it('names every input that is wrong at once', () => {
    expect(faultsOf({ method: 'PASSWORD', loginUrl: 'acme', activityKeyField: "Key' OR" })).toEqual([
      'method',
      'loginUrl',
      'clientId',
      'activityKeyField',
    ])
    expect(faultsOf(null)).toEqual(['method', 'clientId'])
  })

  it.each([
    ['https://acme.my.salesforce.com/secur/login.jsp', 'https://acme.my.salesforce.com'],
    [
      'https://acme--uat.sandbox.lightning.force.com/lightning/page/home',
      'https://acme--uat.sandbox.my.salesforce.com',
    ],
    ['https://acme.my.salesforce-setup.com/lightning/setup/SetupOneHome/home', 'https://acme.my.salesforce.com'],
    [' http://127.0.0.1:4402/ ', 'http://127.0.0.1:4402'],
  ])('takes any page of the org as its login address: %s', (loginUrl, origin) => {
    expect(parseSalesforceConfig({ method: 'SIGN_IN', clientId: 'app', loginUrl }).loginUrl).toBe(origin)
  })

  it('takes no address that no browser would sign in at', () => {
    expect(faultsOf({ method: 'SIGN_IN', clientId: 'app', loginUrl: 'javascript:alert(1)' })).toEqual(['loginUrl'])
  })
})
