import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { ProviderError } from './errors.ts'
import { createHttpClient } from './http/index.ts'
import { providerKeys } from './provider.ts'
import { createProvider, providerDefinitions } from './registry.ts'
import { createMemoryTokenStore } from './testing/token-store.ts'

const ports = { http: createHttpClient({ allowedHosts: [] }), tokens: createMemoryTokenStore(), now: Date.now }

describe('every vendor of the registry', () => {
  test.each(providerKeys)('%s describes itself under its own key, and each default entity type once', (key) => {
    const { descriptor } = providerDefinitions[key]
    expect(descriptor.key).toBe(key)
    expect(descriptor.entityTypes.map(({ kind }) => kind)).toEqual(['ACCOUNT', 'CONTACT', 'LEAD'])
    expect(descriptor.methods.length).toBeGreaterThan(0)
    for (const kind of ['ACCOUNT', 'CONTACT', 'LEAD'] as const) {
      const names = descriptor.defaultFields.filter((field) => field.kind === kind).map(({ name }) => name)
      expect(names.length).toBeGreaterThan(0)
      expect(new Set(names).size).toBe(names.length)
    }
  })

  test.each(providerKeys)('%s signs people in at its page exactly when one of its methods redirects', (key) => {
    const { descriptor, signIn } = providerDefinitions[key]
    expect(signIn !== undefined).toBe(descriptor.methods.some(({ redirects }) => redirects))
  })

  test.each(providerKeys)('%s refuses a configuration that is none, and names what is missing', (key) => {
    for (const config of [null, 'text', {}, { method: 'NO_SUCH_METHOD' }]) {
      expect(() => createProvider(key, config, ports)).toThrow(ProviderError)
      expect(() => createProvider(key, config, ports)).toThrow(
        expect.objectContaining({ code: 'CRM_REJECTED', fields: expect.arrayContaining([expect.anything()]) }),
      )
    }
  })
})

test('reading the descriptors loads no vendor’s SDK', async () => {
  const script = `
    const { createRequire } = await import('node:module')
    const { providerDefinitions } = await import('./src/index.ts')
    const loaded = Object.keys(createRequire(process.cwd() + '/x.js').cache)
    console.log(JSON.stringify({
      vendors: Object.keys(providerDefinitions),
      sdks: loaded.filter((path) => /msal-node|jsforce/.test(path)),
      any: loaded.length,
    }))`
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', script],
    { cwd: new URL('..', import.meta.url) },
  )
  const found = JSON.parse(stdout) as { vendors: string[]; sdks: string[]; any: number }
  expect(found).toMatchObject({ vendors: [...providerKeys], sdks: [] })
  // The list is really that of what was loaded: undici is in it.
  expect(found.any).toBeGreaterThan(0)
})
