import { describe, expect, it } from 'vitest'
import { ProviderError } from '../errors.ts'
import { authorityOf, parseDynamicsConfig, toApplicationUrl } from './config.ts'

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
      authorityOf(parseDynamicsConfig({ ...complete, applicationUrl, authority }))
    expect(at('https://org.crm.dynamics.com')).toBe('https://login.microsoftonline.com')
    expect(at('https://org.crm.microsoftdynamics.us')).toBe('https://login.microsoftonline.us')
    expect(at('https://org.crm.dynamics.cn')).toBe('https://login.partner.microsoftonline.cn')
    expect(at('https://org.crm.dynamics.com', 'https://login.example.com/x')).toBe('https://login.example.com')
  })
})
