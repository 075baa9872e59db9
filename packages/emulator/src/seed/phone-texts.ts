/**
 * Phone numbers as people type them. The numbers come from the ranges that are set aside for fiction: 555-01xx in North
 * America, Ofcom's drama numbers in Britain, the Bundesnetzagentur's in Germany; nobody answers there.
 */
import type { Random } from './random.ts'

export interface PhoneNumber {
  country: 'US' | 'GB' | 'DE'
  /** Without trunk prefix. */
  area: string
  local: string
}

type Spelling = (area: string, local: string) => string
type Spellings = readonly [Spelling, ...Spelling[]]

type AreaCodes = readonly [string, ...string[]]

/** Without 512 and 191, which belong to the cast: a search for one of them finds nobody else. */
const areaCodes: Record<PhoneNumber['country'], AreaCodes> = {
  US: [
    ...(['201', '202', '203', '205', '206', '207', '208', '209', '210', '212', '213', '214', '215', '216'] as const),
    ...['217', '218', '219', '224', '225', '228', '229', '231', '234', '239', '240', '248', '251', '252', '253', '254'],
    ...['256', '260', '262', '267', '269', '270', '276', '281', '301', '302', '303', '304', '305', '307', '308', '309'],
    ...['310', '312', '313', '314', '315', '316', '317', '318', '319', '320', '321', '323', '325', '330', '334', '336'],
    ...['337', '339', '347', '351', '352', '360', '361', '386', '401', '402', '404', '405', '406', '407', '408', '409'],
  ],
  GB: ['113', '114', '115', '116', '117', '118', '121', '131', '141', '151', '161', '7700'],
  DE: ['30', '40', '69', '89', '221'],
}

const germanLocals: Record<string, string> = {
  '30': '23125',
  '40': '66969',
  '69': '90009',
  '89': '99998',
  '221': '4710',
}

/** 3 + 4 digits as North Americans write them. */
const split = (local: string) => [local.slice(0, 3), local.slice(3)] as const

const spellings: Record<PhoneNumber['country'], Spellings> = {
  US: [
    (area, local) => `(${area}) ${split(local).join('-')}`,
    (area, local) => `${area}-${split(local).join('-')}`,
    (area, local) => `${area}.${split(local).join('.')}`,
    (area, local) => `${area} ${split(local).join(' ')}`,
    (area, local) => `+1${area}${local}`,
    (area, local) => `+1 ${area} ${split(local).join(' ')}`,
    (area, local) => `+1 (${area}) ${split(local).join('-')}`,
    (area, local) => `1-${area}-${split(local).join('-')}`,
    (area, local) => `1${area}${local}`,
    (area, local) => `${area}${local}`,
  ],
  GB: [
    (area, local) => `0${area} ${local.slice(0, 3)} ${local.slice(3)}`,
    (area, local) => `0${area}${local}`,
    (area, local) => `+44 ${area} ${local}`,
    (area, local) => `+44${area}${local}`,
    (area, local) => `+44 (0)${area} ${local}`,
    (area, local) => `(0${area}) ${local.slice(0, 3)}-${local.slice(3)}`,
    (area, local) => `0044${area}${local}`,
  ],
  DE: [
    (area, local) => `0${area} / ${local}`,
    (area, local) => `0${area}/${local}`,
    (area, local) => `0${area}-${local}`,
    (area, local) => `+49 ${area} ${local}`,
    (area, local) => `+49${area}${local}`,
    (area, local) => `+49 (0) ${area} ${local}`,
    (area, local) => `(0${area}) ${local}`,
  ],
}

/** What people add to a number in the main field, never in the short mobile one. */
const decorations: readonly [(text: string) => string, ...((text: string) => string)[]] = [
  (text) => `${text} ext. 12`,
  (text) => `${text} x204`,
  (text) => `tel: ${text}`,
  (text) => `${text} (after 5pm)`,
  (text) => `${text} - reception`,
  (text) => `  ${text} `,
]

export function makeNumber(random: Random): PhoneNumber {
  const roll = random.fraction()
  const country = roll < 0.8 ? 'US' : roll < 0.93 ? 'GB' : 'DE'
  const area = random.pick(areaCodes[country])
  const digits = (count: number) => String(random.below(10 ** count)).padStart(count, '0')
  if (country === 'US') return { country, area, local: `55501${digits(2)}` }
  if (country === 'GB') {
    if (area === '7700') return { country, area, local: `900${digits(3)}` }
    return { country, area, local: `4960${digits(3)}` }
  }
  return { country, area, local: `${germanLocals[area]}${digits(3)}` }
}

/** One tidy or less tidy way of writing this number, at most 20 characters. */
export function spell(number: PhoneNumber, random: Random): string {
  return random.pick(spellings[number.country])(number.area, number.local)
}

/** A spelling that may carry an extension or stray words; at most 40 characters, as Salesforce takes no more. */
export function spellUntidily(number: PhoneNumber, random: Random): string {
  const text = spell(number, random)
  return random.chance(0.1) ? random.pick(decorations)(text) : text
}
