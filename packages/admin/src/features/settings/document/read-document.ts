import type { SettingsDocument } from '../settings-document.ts'

/** What was pasted or picked, as far as this page reads it: the gateway reads it thoroughly. */
export type ReadDocument =
  | { kind: 'NOTHING' }
  | { kind: 'UNREADABLE'; message: string }
  | { kind: 'DOCUMENT'; document: Partial<SettingsDocument> }

export function readDocument(text: string, provider: SettingsDocument['provider']): ReadDocument {
  if (text.trim() === '') return { kind: 'NOTHING' }
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { kind: 'UNREADABLE', message: `This is no JSON: ${why}` }
  }
  if (!isDocument(document)) {
    return { kind: 'UNREADABLE', message: 'This is no settings document: it begins with { and is made by Export.' }
  }
  if (document.provider !== provider) {
    const message = `These are settings for ${String(document.provider ?? 'no CRM')}; this integration is ${provider}.`
    return { kind: 'UNREADABLE', message }
  }
  return { kind: 'DOCUMENT', document }
}

function isDocument(value: unknown): value is Partial<SettingsDocument> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
