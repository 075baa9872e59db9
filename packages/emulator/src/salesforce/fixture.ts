/** An emulated Salesforce in memory, called without a socket: what the tests beside the code start from. */
import { createClock } from '../clock.ts'
import { createControl } from '../control.ts'
import type { EmulatorRequest, EmulatorResponse } from '../http.ts'
import { seedPeople } from '../seed/index.ts'
import { createStore } from '../store.ts'
import { createSalesforce, salesforceDemo, seedSalesforce } from './index.ts'

export interface CallOptions {
  body?: unknown
  headers?: Record<string, string>
}

export interface Answer {
  status: number
  headers: Record<string, string>
  /** Parsed JSON; null when there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes.
  json: any
  text: string
}

export function startOrg(people = 60) {
  const clock = createClock()
  const control = createControl()
  const store = createStore((target) => seedSalesforce(target, seedPeople(people)))
  const handler = createSalesforce({ store, clock, control })

  async function send(method: string, target: string, { body, headers = {} }: CallOptions = {}): Promise<Answer> {
    const [path = '', ...rest] = target.split('?')
    const rawQuery = rest.join('?')
    const request: EmulatorRequest = {
      method,
      path,
      query: new URLSearchParams(rawQuery),
      rawQuery,
      headers,
      body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
      origin: 'http://127.0.0.1:4402',
    }
    return toAnswer(await handler(request))
  }

  async function signIn(): Promise<string> {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: salesforceDemo.clientId,
      client_secret: salesforceDemo.clientSecret,
    })
    const answer = await send('POST', '/services/oauth2/token', { body: form.toString() })
    return answer.json.access_token
  }

  /** A call of the REST API, `path` behind the version, signed in anew. */
  async function call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const headers = { authorization: `Bearer ${await signIn()}`, ...options.headers }
    return send(method, `/services/data/v60.0/${path}`, { ...options, headers })
  }

  const query = (soql: string, headers: Record<string, string> = {}) =>
    call('GET', `query?q=${encodeURIComponent(soql)}`, { headers })

  return { clock, control, store, send, signIn, call, query }
}

function toAnswer({ status, headers = {}, body = '' }: EmulatorResponse): Answer {
  const isJson = String(headers['content-type'] ?? '').startsWith('application/json')
  return {
    status,
    headers: headers as Record<string, string>,
    json: isJson && body ? JSON.parse(body) : null,
    text: body,
  }
}
