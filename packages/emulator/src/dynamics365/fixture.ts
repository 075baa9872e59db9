/** An emulated org for tests, called without a socket. */
import { createClock } from '../clock.ts'
import { createControl } from '../control.ts'
import type { CallPart, CrmHandler, EmulatorResponse } from '../http.ts'
import { seedPeople } from '../seed/index.ts'
import { createStore } from '../store.ts'
import { createDynamics, dynamicsDemo, seedDynamics } from './index.ts'

export interface CallOptions {
  headers?: Record<string, string>
  /** Text as it is; anything else as JSON. */
  body?: unknown
}

export interface Answer {
  status: number
  headers: Record<string, string | string[]>
  text: string
  /** The body as JSON; undefined for none. */
  json: unknown
  parts?: readonly CallPart[]
}

export const origin = 'http://127.0.0.1:4401'
export const root = `${origin}/api/data/v9.2`

/** An org with so many seeded people, and a signed-in way to call it. */
export async function createTestOrg(people = 60) {
  const clock = createClock()
  const control = createControl()
  const store = createStore((sink) => seedDynamics(sink, seedPeople(people)))
  const handler = createDynamics({ store, clock, control })
  let token = await signIn(handler)

  /** Below `/api/data/v9.2/` unless it starts with a slash. The query is taken as it is written, but for spaces. */
  async function call(method: string, path: string, { headers = {}, body }: CallOptions = {}): Promise<Answer> {
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
    const target = path.startsWith('/') ? path : `/api/data/v9.2/${path}`
    return send(handler, method, target, { authorization: `Bearer ${token}`, ...headers }, text)
  }

  return {
    clock,
    control,
    store,
    handler,
    call,
    get: (path: string, headers: Record<string, string> = {}) => call('GET', path, { headers }),
    async signIn() {
      token = await signIn(handler)
    },
  }
}

export async function send(
  handler: CrmHandler,
  method: string,
  target: string,
  headers: Record<string, string> = {},
  body = '',
): Promise<Answer> {
  const [path = '', ...rest] = target.split('?')
  const rawQuery = rest.join('?').replaceAll(' ', '%20')
  const request = { method, path, query: new URLSearchParams(rawQuery), rawQuery, headers, body, origin }
  const response: EmulatorResponse = await handler(request)
  const text = response.body ?? ''
  return {
    status: response.status,
    headers: response.headers ?? {},
    text,
    json: text.startsWith('{') ? JSON.parse(text) : undefined,
    ...(response.parts && { parts: response.parts }),
  }
}

async function signIn(handler: CrmHandler): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: dynamicsDemo.clientId,
    client_secret: dynamicsDemo.clientSecret,
    scope: `${origin}/.default`,
  })
  const { json } = await send(handler, 'POST', `/${dynamicsDemo.tenantId}/oauth2/v2.0/token`, {}, form.toString())
  return (json as { access_token: string }).access_token
}

/** The rows of a collection's answer. */
export function rowsOf({ json }: Answer): Record<string, unknown>[] {
  return (json as { value: Record<string, unknown>[] }).value
}

/** The vendor's code of a refusal. */
export function codeOf({ json }: Answer): string {
  return (json as { error: { code: string } }).error.code
}

export function messageOf({ json }: Answer): string {
  return (json as { error: { message: string } }).error.message
}
