import { expect, test } from 'vitest'
import { tidyAddress } from './tidy-address.ts'

const cloud = (text: string) => tidyAddress('APP_REGISTRATION', 'applicationUrl', text)

test.each([
  ['https://org.crm.dynamics.com', 'https://org.crm.dynamics.com/'],
  ['https://org.crm4.dynamics.com/main.aspx?appid=x&pagetype=entitylist', 'https://org.crm4.dynamics.com/'],
  ['https://org.api.crm11.dynamics.com/api/data/v9.2', 'https://org.crm11.dynamics.com/'],
  ['org.crm.dynamics.com/main.aspx', 'https://org.crm.dynamics.com/'],
  [' http://127.0.0.1:4401/ ', 'http://127.0.0.1:4401/'],
])('the page %s of a cloud environment leads to %s', (text, address) => {
  expect(cloud(text)?.address).toBe(address)
})

test.each([
  ['https://crm.contoso.com/Contoso/main.aspx?etn=account', 'https://crm.contoso.com/Contoso/'],
  ['https://org.contoso.com/main.aspx', 'https://org.contoso.com/'],
  ['https://org.contoso.com/api/data/v9.1/', 'https://org.contoso.com/'],
])('the page %s of a server of one’s own leads to %s', (text, address) => {
  expect(tidyAddress('ON_PREMISES', 'applicationUrl', text)?.address).toBe(address)
})

test.each([
  ['https://acme.my.salesforce.com/secur/login.jsp', 'https://acme.my.salesforce.com'],
  ['https://acme--uat.sandbox.lightning.force.com/lightning/page/home', 'https://acme--uat.sandbox.my.salesforce.com'],
  ['https://acme.my.salesforce-setup.com/lightning/setup/SetupOneHome/home', 'https://acme.my.salesforce.com'],
  ['test.salesforce.com', 'https://test.salesforce.com'],
])('the page %s of Salesforce leads to %s', (text, address) => {
  expect(tidyAddress('SIGN_IN', 'loginUrl', text)?.address).toBe(address)
})

test('what was tidied is said, and what stays as it is needs no word', () => {
  expect(cloud('https://org.crm.dynamics.com/main.aspx')?.note).toContain(
    'https://org.crm.dynamics.com/ is what is kept',
  )
  expect(cloud('https://org.crm.dynamics.com')?.note).toBeNull()
  expect(cloud('https://ORG.crm.dynamics.com/')?.note).toBeNull()
})

test.each(['', 'not an address', 'ftp://contoso', 'javascript:alert(1)'])('%j is left to the gateway', (text) => {
  expect(cloud(text)).toBeNull()
})

test('an input that holds no address is left alone', () => {
  expect(tidyAddress('APP_REGISTRATION', 'tenantId', 'contoso.onmicrosoft.com')).toBeNull()
})
