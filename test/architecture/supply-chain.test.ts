/** What is installed: known to the byte, and nothing from elsewhere. */
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { audit } from '../../scripts/steps/audit.mjs'
import { licences, mayBeUsed } from '../../scripts/steps/licences.mjs'
import { packageFolders, readJson, root } from '../../scripts/steps/workspace.mjs'

const lockFile = readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8')
const settings = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')

const wanted = packageFolders.flatMap((folder) => {
  const {
    dependencies = {},
    devDependencies = {},
    optionalDependencies = {},
    peerDependencies = {},
  } = readJson(join(folder, 'package.json'))
  const all: Record<string, string> = {
    ...dependencies,
    ...devDependencies,
    ...optionalDependencies,
    ...peerDependencies,
  }
  return Object.entries(all).map(([name, version]) => ({ folder, name, version }))
})

it('every version that is asked for is exact, and none comes from git or an address (T31)', () => {
  expect(wanted.length).toBeGreaterThan(50)
  const catalog = [...settings.matchAll(/^ {2}'?([@a-z][^':]*)'?: (\d.*)$/gm)].map(([, name = '', version = '']) => ({
    folder: 'catalog',
    name,
    version,
  }))
  expect(catalog.length).toBeGreaterThan(10)
  const exact = /^(\d+\.\d+\.\d+(-[\w.-]+)?|catalog:|workspace:\*)$/
  expect([...wanted, ...catalog].filter(({ version }) => !exact.test(version))).toEqual([])
})

it('every package comes from the registry, at the version and with the checksum of the lock file', () => {
  const resolutions = [...lockFile.matchAll(/^ {4}resolution: (.*)$/gm)].map(([, text]) => text)
  expect(resolutions.length).toBeGreaterThan(500)
  expect(resolutions.filter((text) => !/^\{integrity: sha512-[A-Za-z0-9+/]{86}==\}$/.test(text ?? ''))).toEqual([])
})

it('few packages may run a script when they are installed, each by its name', () => {
  const allowed = [...settings.matchAll(/^ {2}'?([^':\n]+)'?: true$/gm)].map(([, name]) => name)
  expect(allowed).toEqual(['better-sqlite3', 'esbuild'])
  expect(settings).not.toMatch(/dangerouslyAllowAllBuilds|strictDepBuilds: false/)
})

it('what was published this week is not taken, and what is installed is what the lock file says', () => {
  expect(settings).toMatch(/^minimumReleaseAge: 10080$/m)
  expect(settings).toMatch(/^blockExoticSubdeps: true$/m)
  const installing = readFileSync(join(root, 'scripts/steps/install.mjs'), 'utf8')
  expect(installing.match(/'install'(?!,)/g)).toBeNull()
  expect(installing).toContain("['install', '--frozen-lockfile']")
})

it('a cache server is spoken to in one place, and loaded only where one is named (T34)', () => {
  expect(wanted.filter(({ name }) => /redis|memcache|valkey/i.test(name)).map(({ name }) => name)).toEqual([
    '@redis/client',
  ])
  const source = join(root, 'packages/server/src')
  const importing = (pattern: RegExp) =>
    readdirSync(source, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && pattern.test(readFileSync(join(source, file), 'utf8')))
      .sort()
  expect(importing(/from '@redis\/client'/)).toEqual(['shared-state/redis-connection.ts'])
  expect(importing(/^import (?!type).*redis-connection\.ts'/m)).toEqual(['shared-state/redis.ts'])
  expect(importing(/^import (?!type).*\/redis\.ts'/m)).toEqual([])
  expect(importing(/import\('\.\/redis\.ts'\)/)).toEqual(['shared-state/open.ts'])
})

describe('licences', () => {
  it('of all that the product consists of are known and allowed', async () => {
    const lines = await licences()
    expect(lines.length).toBeGreaterThan(300)
    expect(lines.some((line) => /^MIT: graphql-yoga@\d/.test(line))).toBe(true)
  }, 60_000)

  const of = (id: string) => ({ name: 'planted', licenses: [{ license: { id } }] })
  it.each([
    [of('MIT'), true],
    [of('GPL-3.0-only'), false],
    [{ name: 'planted' }, false],
    [{ name: 'planted', licenses: [{ expression: '(GPL-2.0-only OR MIT)' }] }, true],
    [{ name: 'planted', licenses: [{ expression: 'MIT AND GPL-2.0-only' }] }, false],
  ])('%j may be used: %s', (component, may) => expect(mayBeUsed(component)).toBe(may))
})

describe('known weaknesses', () => {
  /** Whether the check got an answer where a registry answers so to every question. */
  async function checkedAgainst(status: number, answer: unknown): Promise<boolean> {
    const registry = createServer((_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    })
    await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve))
    const { port } = registry.address() as AddressInfo
    try {
      return await audit([`--config.registry=http://127.0.0.1:${port}/`])
    } finally {
      registry.close()
    }
  }
  const weakness = (severity: string) => ({
    undici: [
      {
        id: 1,
        url: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc',
        title: 'Planted',
        severity,
        vulnerable_versions: '*',
      },
    ],
  })

  it('that are high fail the check, and say what to do', async () => {
    await expect(checkedAgainst(200, weakness('high'))).rejects.toThrow(/GHSA-aaaa-bbbb-cccc.*Update the package/s)
  }, 60_000)

  it('that are moderate do not', async () => {
    expect(await checkedAgainst(200, weakness('moderate'))).toBe(true)
  }, 60_000)

  it('that the registry does not tell are no failure, and count as not checked', async () => {
    expect(await checkedAgainst(405, {})).toBe(false)
  }, 60_000)

  it('of which nobody can be asked count as not checked too', async () => {
    expect(await audit(['--config.registry=http://127.0.0.1:9/', '--config.fetch-retries=0'])).toBe(false)
  }, 60_000)
})
