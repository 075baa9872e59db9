/** What a visitor's conversations are found again by: keyed hashes, so that what they stand for cannot be read. */
import { parsePhone } from '@backchannel/providers'
import type { SecretBox } from '../secrets/secret-box.ts'
import type { Visitor } from './conversation.ts'

export type VisitorIdentifiers = {
  readonly [Name in keyof Pick<Visitor, 'externalId' | 'phone' | 'email'>]?: string | null | undefined
}

/** Stands for a visitor of whom nothing is known, so that the conversation is known to have been looked at. */
const NOTHING = 'nothing'

/**
 * A phone number has two: what it is, and how it is spelled. By the second it is found again, spelled alike, after the
 * workspace has moved to another country and reads it otherwise.
 *
 * @param region of the workspace: numbers without a prefix are read as of this country
 */
export function visitorKeys(secrets: SecretBox, visitor: VisitorIdentifiers, region: string): string[] {
  const { externalId, phone, email } = visitor
  const key = (kind: string, value: string) => secrets.hash(`VisitorKey.${kind}`, value)
  return [
    ...(externalId?.trim() ? [key('externalId', externalId.trim())] : []),
    ...(email?.trim() ? [key('email', email.trim().toLowerCase())] : []),
    ...(phone?.trim() ? phoneTexts(phone, region).map((text) => key('phone', text)) : []),
  ]
}

/** As they are kept with a conversation: never none. */
export function keptKeys(secrets: SecretBox, visitor: VisitorIdentifiers, region: string): string[] {
  const keys = visitorKeys(secrets, visitor, region)
  return keys.length > 0 ? [...new Set(keys)] : [NOTHING]
}

function phoneTexts(phone: string, region: string): string[] {
  const number = parsePhone(phone, region)
  const digits = phone.replaceAll(/\D/g, '')
  const spelled = digits === '' ? phone.trim().toLowerCase() : `spelled ${phone.includes('+') ? '+' : ''}${digits}`
  return number?.callingCode ? [`+${number.callingCode}${number.national}`, spelled] : [spelled]
}
