/** Which fields of a target an identifier is looked for in: the vendor's own, or those that the request names. */
import type { SearchedField, SearchIdentifier, SearchRequest, SearchTarget } from '../model/index.ts'

/** The CRM's own names of the fields that the vendor would look into. */
export interface OwnFields {
  phones: readonly string[]
  emails: readonly string[]
  names: readonly string[]
  accountIds: readonly string[]
}

/** Empty lists mean that the target is not asked for that. */
export interface SearchedFields extends OwnFields {
  /** Where TERM looks besides: to be turned into tests by `termTests`. */
  terms: readonly SearchedField[]
}

/** Only what an identifier of the request looks into is given, so that nothing else needs to be fetched. */
export function searchedFields({ by }: SearchRequest, target: SearchTarget, own: OwnFields): SearchedFields {
  const asks = (identifier: SearchIdentifier) => by.some((one) => one.identifier === identifier)
  const { identifierFields } = target
  if (identifierFields === undefined) {
    const isTerm = asks('TERM')
    return {
      phones: isTerm || asks('PHONE') ? own.phones : [],
      emails: isTerm || asks('EMAIL') ? own.emails : [],
      names: isTerm || asks('FULL_NAME') ? own.names : [],
      accountIds: asks('ACCOUNT_ID') ? own.accountIds : [],
      terms: isTerm ? (target.termFields ?? []) : [],
    }
  }
  const given = (identifier: SearchIdentifier) =>
    asks(identifier) ? (identifierFields[identifier] ?? []).map(({ name }) => name) : []
  const terms = asks('TERM') ? (identifierFields.TERM ?? []) : []
  return {
    // Digits of a term find a phone number however it is written.
    phones: [...given('PHONE'), ...terms.map(({ name }) => name).filter((name) => own.phones.includes(name))],
    emails: given('EMAIL'),
    names: given('FULL_NAME'),
    accountIds: given('ACCOUNT_ID'),
    terms,
  }
}
