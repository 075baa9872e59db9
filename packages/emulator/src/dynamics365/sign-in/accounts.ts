/** Who can sign in to the emulated tenant and domain. DEMO people with one DEMO password. */
import { dynamicsDemo } from '../demo.ts'

export interface Account {
  /** Of a user of the environment; the outsider's is in no table. */
  oid: string
  name: string
  email: string
}

export const accounts: readonly Account[] = [
  { oid: dynamicsDemo.colleagueId, name: dynamicsDemo.colleagueName, email: dynamicsDemo.colleagueAccount },
  { oid: 'b1d5a7c0-4c3e-4f0a-9d61-0c0ffee00099', name: 'Sam Outsider', email: dynamicsDemo.outsiderAccount },
]

/** Undefined: no such account, or another password. Both an e-mail address and `DOMAIN\user` name one. */
export function checkPassword(username: string, password: string): Account | undefined {
  if (password !== dynamicsDemo.password) return undefined
  const asked = username.toLowerCase()
  const email = asked === dynamicsDemo.colleagueDomainName.toLowerCase() ? dynamicsDemo.colleagueAccount : asked
  return accounts.find((account) => account.email === email)
}
