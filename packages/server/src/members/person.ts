/** What a person says of themselves to become a user, and how it is checked. */
import { z } from 'zod'
import { type FieldError, ValidationError } from '../shared/errors.ts'
import { fitsAsPassword, passwordLength } from './password.ts'

const NAME_LENGTH = 100
const EMAIL_LENGTH = 254

/** The address as it is kept: without case and blanks around it; null for what is none. */
export function toEmail(text: string): string | null {
  const email = text.trim().toLowerCase()
  return email.length <= EMAIL_LENGTH && z.email().safeParse(email).success ? email : null
}

/** A name as it is kept; null where it is none. */
export function toPersonName(text: string): string | null {
  const name = text.trim().replaceAll(/\s+/g, ' ')
  return name !== '' && name.length <= NAME_LENGTH ? name : null
}

export const nameFault = `Give a name of 1 to ${NAME_LENGTH} characters.`
export const emailFault = 'Give an e-mail address, such as "ines@example.com".'
export const passwordFault = `Choose a password of ${passwordLength.least} to ${passwordLength.most} characters.`

export interface Person {
  readonly name: string
  readonly email: string
  readonly password: string
}

/**
 * A person as they are kept.
 *
 * @throws ValidationError naming each input that is wrong
 */
export function checkPerson(given: Person): Person {
  const name = toPersonName(given.name)
  const email = toEmail(given.email)
  const faults: FieldError[] = []
  if (name === null) faults.push({ path: ['name'], message: nameFault })
  if (email === null) faults.push({ path: ['email'], message: emailFault })
  if (!fitsAsPassword(given.password)) faults.push({ path: ['password'], message: passwordFault })
  if (name === null || email === null || faults.length > 0) throw new ValidationError(faults)
  return { name, email, password: given.password }
}
