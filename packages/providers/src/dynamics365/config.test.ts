import { describe, expect, it } from 'vitest'
import { ProviderError } from '../errors.ts'
import { toApplicationUrl, toOnPremisesUrl } from './addresses.ts'
import { authorityOf, type DynamicsConfig, parseDynamicsConfig } from './config.ts'

const complete = {
  method: 'APP_REGISTRATION',
  applicationUrl: 'https://org.crm.dynamics.com/main.aspx?appid=1',
  tenantId: 'contoso.onmicrosoft.com',
  clientId: '11111111-2222-3333-4444-555555555555',
  clientSecret: 's',
} as const

describe('the application URL', () => {
  it.each([
    ['https://org.crm.dynamics.com', 'https://org.crm.dynamics.com'],
    ['https://org.crm.dynamics.com/', 'https://org.crm.dynamics.com'],
    ['https://org.crm4.dynamics.com/main.aspx?appid=x&pagetype=entitylist', 'https://org.crm4.dynamics.com'],
    ['https://org.api.crm11.dynamics.com/api/data/v9.2', 'https://org.crm11.dynamics.com'],
    [' http://127.0.0.1:4401/ ', 'http://127.0.0.1:4401'],
  ])('D-CON-10 D-CON-11: %s is stored as %s', (pasted, stored) => {
    expect(toApplicationUrl(pasted)).toBe(stored)
  })

  it.each(['', 'org.crm.dynamics.com', 'ftp://org', 'javascript:alert(1)'])('%j is refused', (pasted) => {
    expect(toApplicationUrl(pasted)).toBeNull()
  })
})

describe('a configuration', () => {
  it('comes out normalised and without what was not given', () => {
    expect(parseDynamicsConfig(complete)).toEqual({ ...complete, applicationUrl: 'https://org.crm.dynamics.com' })
  })

  it('names every input that is missing or wrong', () => {
    try {
      parseDynamicsConfig({ method: 'PASSWORD', applicationUrl: 'x', tenantId: 'a/b', authority: 'nowhere' })
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(ProviderError)
      expect((error as ProviderError).fields.map((field) => field.name)).toEqual([
        'method',
        'applicationUrl',
        'tenantId',
        'clientId',
        'clientSecret',
        'authority',
      ])
    }
  })

  it('takes a secret or a certificate, not both', () => {
    expect(() => parseDynamicsConfig({ ...complete, certificatePem: 'x' })).toThrow(ProviderError)
    expect(() => parseDynamicsConfig(null)).toThrow(ProviderError)
  })

  it('signs in at the national cloud that its environment is in, unless it names an authority', () => {
    const at = (applicationUrl: string, authority?: string) =>
      signInAt({ ...complete, tenantId: 'contoso', applicationUrl, authority })
    expect(at('https://org.crm.dynamics.com')).toBe('https://login.microsoftonline.com/contoso')
    expect(at('https://org.crm.microsoftdynamics.us')).toBe('https://login.microsoftonline.us/contoso')
    expect(at('https://org.crm.dynamics.cn')).toBe('https://login.partner.microsoftonline.cn/contoso')
    expect(at('https://org.crm.dynamics.com', 'https://login.example.com')).toBe('https://login.example.com/contoso')
  })

  it('keeps the path of an authority, and takes its tenant once', () => {
    const at = (authority: string) => signInAt({ ...complete, tenantId: 'contoso', authority })
    expect(at('https://proxy.example.com/entra/')).toBe('https://proxy.example.com/entra/contoso')
    expect(at('https://login.example.com/contoso')).toBe('https://login.example.com/contoso')
    expect(at('https://login.example.com/contoso/oauth2/v2.0/token')).toBe('https://login.example.com/contoso')
  })
})

function signInAt(input: object): string {
  const config: DynamicsConfig = parseDynamicsConfig(input)
  if (config.method === 'ON_PREMISES') throw new Error('AD FS')
  return authorityOf(config)
}

describe('signing in with Microsoft', () => {
  const given = { method: 'SIGN_IN', applicationUrl: 'https://org.crm.dynamics.com/', clientId: 'app' }

  it('asks for work accounts of any organization unless an authority names one', () => {
    expect(signInAt(given)).toBe('https://login.microsoftonline.com/organizations')
    expect(signInAt({ ...given, authority: 'https://login.microsoftonline.us' })).toBe(
      'https://login.microsoftonline.us/organizations',
    )
    expect(signInAt({ ...given, authority: 'https://login.microsoftonline.us/contoso' })).toBe(
      'https://login.microsoftonline.us/contoso',
    )
  })

  it('says what to do where no app is known', () => {
    expect(faultsOf({ ...given, clientId: '' })).toEqual(['clientId'])
  })
})

describe('on-premises', () => {
  const given = {
    method: 'ON_PREMISES',
    applicationUrl: 'https://org.contoso.com/main.aspx',
    username: 'CORP\\jane',
    password: ' secret ',
  }

  it.each([
    ['https://org.contoso.com/', 'https://org.contoso.com'],
    ['https://org.contoso.com/main.aspx?appid=1', 'https://org.contoso.com'],
    ['https://org.contoso.com/api/data/v9.1/', 'https://org.contoso.com'],
    ['https://crm.contoso.com/Contoso', 'https://crm.contoso.com/Contoso'],
    ['https://crm.contoso.com:444/Contoso/main.aspx#x', 'https://crm.contoso.com:444/Contoso'],
    ['https://crm.contoso.com/XRMServices/2011/Organization.svc', 'https://crm.contoso.com'],
  ])('%s is stored as %s', (pasted, stored) => {
    expect(toOnPremisesUrl(pasted)).toBe(stored)
  })

  it('takes user name and password as they are, and our own client unless another is given', () => {
    expect(parseDynamicsConfig(given)).toEqual({
      ...given,
      applicationUrl: 'https://org.contoso.com',
      clientId: expect.stringMatching(/^[\da-f-]{36}$/),
    })
    expect(parseDynamicsConfig({ ...given, username: 'jane@contoso.com' })).toMatchObject({
      username: 'jane@contoso.com',
    })
  })

  it('keeps the path of AD FS', () => {
    const at = (authority: string) => parseDynamicsConfig({ ...given, authority })
    expect(at('https://sts.contoso.com')).toMatchObject({ authority: 'https://sts.contoso.com/adfs' })
    expect(at('https://sts.contoso.com/adfs/oauth2/authorize')).toMatchObject({
      authority: 'https://sts.contoso.com/adfs',
    })
  })

  it('names each of the three that is left out', () => {
    expect(faultsOf({ method: 'ON_PREMISES' })).toEqual(['username', 'applicationUrl', 'password'])
  })
})

function faultsOf(input: object): string[] {
  try {
    parseDynamicsConfig(input)
    return []
  } catch (error) {
    return (error as ProviderError).fields.map((field) => field.name)
  }
}
