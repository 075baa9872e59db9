import { describe, expect, it } from 'vitest'
import { ProviderError, type ProviderErrorCode } from '../errors.ts'
import { createSignInGate } from './sign-in-gate.ts'

function setUp() {
  let time = 1_000_000
  let asked = 0
  const gate = createSignInGate(() => time)
  const signIn = (outcome: ProviderErrorCode | 'TOKEN', retryAfter?: number, force = false) =>
    gate.pass(force, async () => {
      asked += 1
      if (outcome === 'TOKEN') return 'token'
      throw new ProviderError(outcome, {
        message: `It said ${outcome}.`,
        providerCode: 'X1',
        ...(retryAfter === undefined ? {} : { retryAfter }),
      })
    })
  return { gate, signIn, asked: () => asked, pass: (ms: number) => (time += ms) }
}

describe('the gate before a sign-in service', () => {
  it.each([
    'CRM_CREDENTIALS_INVALID',
    'CRM_CONSENT_REQUIRED',
    'CRM_UNAUTHENTICATED',
    'CRM_USER_NOT_PERMITTED',
    'CRM_APP_NOT_APPROVED',
    'CRM_RATE_LIMITED',
  ] as const)('repeats %s for a few seconds without asking again, except to who insists', async (code) => {
    const { gate, signIn, asked, pass } = setUp()
    await expect(signIn(code)).rejects.toMatchObject({ code })
    pass(4_900)
    await expect(signIn('TOKEN')).rejects.toMatchObject({ code, message: `It said ${code}.`, providerCode: 'X1' })
    expect(() => gate.check(false)).toThrow(`It said ${code}.`)
    expect(asked()).toBe(1)
    gate.check(true)
    await expect(signIn(code, undefined, true)).rejects.toMatchObject({ code })
    expect(asked()).toBe(2)
    pass(5_000)
    expect(await signIn('TOKEN')).toBe('token')
  })

  it.each(['CRM_UNAVAILABLE', 'CRM_TIMEOUT', 'CRM_UNREACHABLE'] as const)(
    'asks again at once after %s, which says nothing about the credentials',
    async (code) => {
      const { signIn } = setUp()
      await expect(signIn(code)).rejects.toMatchObject({ code })
      expect(await signIn('TOKEN')).toBe('token')
    },
  )

  it('keeps a Retry-After even where somebody insists, and says how long that still is', async () => {
    const { signIn, asked, pass } = setUp()
    await expect(signIn('CRM_UNAVAILABLE', 20)).rejects.toMatchObject({ retryAfter: 20 })
    pass(15_000)
    await expect(signIn('TOKEN', undefined, true)).rejects.toMatchObject({ code: 'CRM_UNAVAILABLE', retryAfter: 5 })
    expect(asked()).toBe(1)
    pass(5_000)
    expect(await signIn('TOKEN')).toBe('token')
  })

  it('forgets a refusal when a person’s check got in', async () => {
    const { gate, signIn } = setUp()
    await expect(signIn('CRM_CREDENTIALS_INVALID')).rejects.toMatchObject({ code: 'CRM_CREDENTIALS_INVALID' })
    expect(await signIn('TOKEN', undefined, true)).toBe('token')
    gate.check(false)
    expect(await signIn('TOKEN')).toBe('token')
  })
})
