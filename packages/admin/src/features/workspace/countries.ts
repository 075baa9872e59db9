/** A country whose telephone numbers can be read without a prefix. */
export interface Country {
  /** ISO 3166 alpha-2. */
  value: string
  label: string
}

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']

/** Codes that stand for something else than a place with telephones of its own. */
const none = new Set('AQ BV CP CQ DG EA EU EZ GS HM IC PN QO TF UM UN XA XB ZZ'.split(' '))

/** All countries, by their names in the browser's language. */
export function listCountries(): Country[] {
  const names = new Intl.DisplayNames(undefined, { type: 'region', fallback: 'none' })
  return LETTERS.flatMap((first) => LETTERS.map((second) => first + second))
    .filter((code) => !none.has(code) && isCurrent(code))
    .flatMap((value) => {
      const name = names.of(value)
      return name === undefined ? [] : [{ value, label: `${name} (${value})` }]
    })
    .sort((a, b) => a.label.localeCompare(b.label))
}

/** Not the code of a country that has another one now. */
const isCurrent = (code: string) => Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`
