/** The gateway's own endpoints for accounts and sessions, which set and clear the session cookie. */
import { NO_ANSWER } from '../graphql/no-answer.ts'

/** Why something was not done. */
export interface Refusal {
  readonly kind: 'REFUSED'
  /** For programs, such as INVITE_EXPIRED; empty where the gateway gave none. */
  readonly code: string
  /** A sentence for a person. */
  readonly message: string
  /** What is wrong with each input, by its name. */
  readonly fields: Readonly<Record<string, string>>
}

export interface Done {
  readonly kind: 'DONE'
  readonly answer: unknown
}

/** @param path behind `/auth` */
export function postAuth(path: string, body: object): Promise<Done | Refusal> {
  return ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

/** @param path behind `/auth` */
export function getAuth(path: string): Promise<Done | Refusal> {
  return ask(path, {})
}

async function ask(path: string, init: RequestInit): Promise<Done | Refusal> {
  try {
    const response = await fetch(`/auth${path}`, { ...init, credentials: 'same-origin' })
    const answer: unknown = await response.json()
    return response.ok ? { kind: 'DONE', answer } : readRefusal(response.status, answer)
  } catch {
    return noAnswer
  }
}

const noAnswer: Refusal = { kind: 'REFUSED', code: 'NO_ANSWER', message: NO_ANSWER, fields: {} }

/** A refusal as the gateway words it; what comes without a sentence of ours is worded here. */
export function readRefusal(status: number, answer: unknown): Refusal {
  if (status >= 500 && textOf(answer, 'code') !== 'SIGN_INS_BUSY') return noAnswer
  if (status === 429) return { ...noAnswer, code: 'TOO_MANY_TRIES', message: TOO_MANY_TRIES }
  const fields: Record<string, string> = {}
  for (const fault of listOf(answer, 'fields')) {
    const path = listOf(fault, 'path')
    if (path.length > 0) fields[path.join('.')] = textOf(fault, 'message')
  }
  const message = textOf(answer, 'message') || 'That was refused. Try again.'
  return { kind: 'REFUSED', code: textOf(answer, 'code'), message, fields }
}

const TOO_MANY_TRIES = 'Too many attempts. Wait a while and try again.'

/** The text of an answer under a name; empty where there is none. */
export function textOf(answer: unknown, name: string): string {
  const value = entryOf(answer, name)
  return typeof value === 'string' ? value : ''
}

/** Whether an answer says yes under a name. */
export function isTrue(answer: unknown, name: string): boolean {
  return entryOf(answer, name) === true
}

/** The texts of an answer under a name; none where it is not a list. */
export function textsOf(answer: unknown, name: string): string[] {
  return listOf(answer, name).filter((entry) => typeof entry === 'string')
}

function listOf(answer: unknown, name: string): readonly unknown[] {
  const value = entryOf(answer, name)
  return Array.isArray(value) ? value : []
}

function entryOf(answer: unknown, name: string): unknown {
  return typeof answer === 'object' && answer !== null
    ? Object.entries(answer).find(([key]) => key === name)?.[1]
    : null
}
