/** How a number may be stored in a CRM, for the questions that a CRM is asked (crm-apis.md 3.1). */
import type { PhoneNumber } from './parse.ts'

const mostSpellings = 16

/** The spellings that people and systems use most, for an exact comparison in the CRM: at most 16, likeliest first. */
export function phoneSpellings(number: PhoneNumber): string[] {
  const { callingCode, national, written } = number
  if (callingCode === null || written === null) return [national, `+${national}`]

  const groups = digitGroups(written.international).slice(1)
  const [area = national, ...rest] = groups
  const local = digitGroups(written.national)
  const trunk = local.join('') === `0${national}` ? '(0)' : ''
  const spellings = new Set([
    `+${callingCode}${national}`,
    written.national,
    national,
    `${callingCode}${national}`,
    local.join('-'),
    written.international,
    local.join('.'),
    local.join(' '),
    local.join(''),
    `+${callingCode} (${area}) ${rest.join('-')}`,
    `+${callingCode}-${groups.join('-')}`,
    `${callingCode}-${groups.join('-')}`,
    `(${local[0]})${local.slice(1).join('-')}`,
    `00${callingCode}${national}`,
    `+${callingCode} ${trunk}${groups.join(' ')}`,
    `+${callingCode}.${groups.join('.')}`,
    `${callingCode} ${groups.join(' ')}`,
  ])
  return [...spellings].slice(0, mostSpellings)
}

/**
 * What a LIKE pattern is built from: the parts that stand in this order in the stored text, with anything between,
 * before and behind. Each digit is a part, so that no way of grouping escapes; what else they find, `matchPhone` drops.
 */
export function phonePatterns(number: PhoneNumber): string[][] {
  return [number.national.replace(/^0+/, '').split('')]
}

function digitGroups(text: string): string[] {
  return text.match(/\d+/g) ?? []
}
