/** `compose.yaml` without a container engine: whether what it says fits the server, the image and the load balancer. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { openDatabase } from '../../packages/server/src/database/index.ts'
import { runSql, startThrowawayPostgresql } from '../../packages/server/src/database/throwaway-postgresql.ts'
import { readEnv } from '../../packages/server/src/env.ts'
import { root } from '../../scripts/steps/workspace.mjs'

interface Service {
  readonly image?: string
  readonly build?: string | { readonly target?: string }
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly volumes?: readonly string[]
  readonly depends_on?: object
  readonly stop_grace_period?: string
  readonly profiles?: readonly string[]
}

const read = (path: string) => readFileSync(join(root, path), 'utf8')
const compose: { services: Record<string, Service>; networks: object } = parse(read('compose.yaml'), { merge: true })
const dockerfile = read('Dockerfile')
const balancer = read('deploy/haproxy.cfg')

/** Strong as what is drawn, and an address as an operator has one. */
const given: Record<string, string> = {
  POSTGRES_PASSWORD: '8fWz0qVt5nKs',
  REDIS_PASSWORD: 'Lx2mRk7PvQ4a',
  METRICS_TOKEN: 'n0Qv7Yb2Lk5Tz9Rc',
  PUBLIC_URL: 'https://chat.example.com',
  BACKCHANNEL_KEYS: 'a:zqB8pFv1mX0h2Ue7Ss5yWnK9tRgJ4dLcAaQ3iOoVxEk=',
}

/** As the engine fills it in. @throws where a variable is asked for that nobody was told of */
function filled(text: string): string {
  return text.replaceAll(/\$\{(\w+)(?::\?[^}]*)?\}/g, (_, name: string) => {
    const value = given[name]
    if (value === undefined) throw new Error(`Nobody knows ${name}`)
    return value
  })
}

/** What a container of the image is started with. */
function environmentOf({ environment = {} }: Service): Record<string, string> {
  const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM'))
  const block = last.slice(last.indexOf('ENV '), last.indexOf('WORKDIR'))
  const image = [...block.matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value])
  return {
    ...Object.fromEntries(image),
    ...Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, filled(value)])),
  }
}

const ours = Object.entries(compose.services).filter(([, { image }]) => image === 'backchannel')

test('two servers and a worker start from what it gives them, in production and on what they share', () => {
  expect(ours.map(([name]) => name)).toEqual(['gateway-1', 'gateway-2', 'worker'])
  for (const [, service] of ours) {
    const env = readEnv(environmentOf(service))
    expect(env).toMatchObject({ production: true, port: 4000, host: '0.0.0.0', publicUrl: 'https://chat.example.com' })
    expect(env.telemetry).toMatchObject({ port: 9464, workerPort: 9464, host: '0.0.0.0' })
    const [database, redis] = [new URL(env.databaseUrl), new URL(env.redisUrl ?? '')]
    const { POSTGRES_PASSWORD = '' } = compose.services['postgres']?.environment ?? {}
    expect([database.hostname, database.username, database.password, database.pathname]).toEqual([
      ...['postgres', 'backchannel', filled(POSTGRES_PASSWORD), '/backchannel'],
    ])
    expect(redis.hostname).toBe('redis')
    expect(compose.services['redis']?.command?.map(filled)).toContain(redis.password)
    expect(Object.keys(service.depends_on ?? {})).toEqual(['postgres', 'redis'])
    expect(Number.parseInt(service.stop_grace_period ?? '0', 10) * 1_000).toBeGreaterThan(
      env.telemetry.drainMs + 10_000,
    )
  }
})

test('the user that its PostgreSQL is given owns a database, and is held by row-level security (T1)', async () => {
  const { volumes, environment } = compose.services['postgres'] ?? {}
  expect(volumes).toContain('./deploy/postgresql-user.sh:/docker-entrypoint-initdb.d/backchannel.sh:ro')
  // So that the image's first user is the one that the script runs as.
  expect(environment).toEqual({ POSTGRES_PASSWORD: expect.any(String) })
  const postgresql = await startThrowawayPostgresql()
  onTestFinished(() => postgresql.stop())
  const administrator = postgresql.url('postgres', 'postgres')
  await runSql(administrator, 'ALTER DATABASE postgres OWNER TO postgres; DROP ROLE backchannel')
  execFileSync('sh', [join(root, 'deploy/postgresql-user.sh')], {
    env: {
      PATH: process.env['PATH'],
      PGHOST: new URL(administrator).searchParams.get('host') ?? '',
      POSTGRES_PASSWORD: "it's one",
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const { warnings, close } = await openDatabase(postgresql.url('backchannel'))
  await close()
  expect(warnings).toEqual([])
})

test('backups are made of the same database, by programs as new as its PostgreSQL, and get into no image', () => {
  const { operator, postgres } = compose.services
  expect(operator).toMatchObject({ build: { target: 'operator' }, profiles: ['operator'] })
  expect(operator?.environment).toEqual(ours[0]?.[1].environment)
  expect(operator?.volumes).toEqual(['./backups:/backups'])
  expect(dockerfile).toContain(`FROM ${postgres?.image} AS operator`)
  expect(read('.dockerignore').split('\n')).toContain('backups')
})

test('what they run is what the build makes', () => {
  const commands = [dockerfile, ...ours.map(([, { command }]) => JSON.stringify(command ?? []))].join('\n')
  const entries = [...commands.matchAll(/packages\/server\/dist\/([\w-]+)\.js/g)].map(([, entry = '']) => entry)
  expect([...new Set(entries)]).toEqual(['worker-main', 'main'])
  for (const entry of entries) expect(existsSync(join(root, `packages/server/src/${entry}.ts`))).toBe(true)
})

test('the load balancer knows each server, asks it whether it is ready, and is one of those who are believed about addresses', () => {
  const servers = [...balancer.matchAll(/^ {2}server (\S+) (\S+):(\d+)$/gm)].map(([, name, host, port]) => [
    name,
    host,
    port,
  ])
  expect(servers).toEqual(ours.filter(([name]) => name !== 'worker').map(([name]) => [name, name, '4000']))
  expect(balancer).toMatch(/^ {2}option httpchk GET \/ready$/m)
  // Of a path, its log says nothing behind the `?`, where the words of a search may stand.
  expect(balancer).toMatch(/^ {2}log-format .* %HM %HPO %HV"$/m)
  expect(balancer).not.toMatch(/^ {2}option httplog$/m)
  const { balancer: service } = compose.services
  expect(service?.volumes).toEqual(['./deploy/haproxy.cfg:/usr/local/etc/haproxy/haproxy.cfg:ro'])
  const [, { environment = {} } = {}] = ours[0] ?? []
  expect(compose.networks).toEqual({ default: { ipam: { config: [{ subnet: environment['TRUSTED_PROXIES'] }] } } })
})

test('every part has a way to be asked how it is', () => {
  expect(dockerfile).toMatch(/HEALTHCHECK[^\n]*\\\n[^\n]*\/health/)
  expect(compose.services['worker']?.healthcheck?.test.join(' ')).toContain('http://127.0.0.1:9464/ready')
  expect(compose.services['postgres']?.healthcheck?.test).toContain('pg_isready')
  expect(compose.services['redis']?.healthcheck?.test).toContain('redis-cli')
})

test('a file of the app that one release misses is asked of another server, and nothing else is asked for twice', () => {
  expect(balancer).toMatch(/^ {2}retry-on conn-failure$/m)
  const [, servers = ''] = balancer.split(/^backend servers$/m)
  expect(servers).toMatch(/^ {2}retry-on conn-failure 404$/m)
  expect(servers).toMatch(/^ {2}http-request disable-l7-retry unless \{ path_beg \/admin\/assets\/ \}$/m)
  expect(balancer).toMatch(/^ {2}option redispatch 1$/m)
})
