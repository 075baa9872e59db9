import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPhoneMatcher, matchPhone, type PhoneNumber, parsePhone, phonePatterns, phoneSpellings } from './index.ts'

const regions = {
  US: { prefix: '+1', area: ['512', '317', '206', '415'], length: 7, first: '2345678' },
  GB: { prefix: '+44', area: ['191', '161', '113'], length: 7, first: '2345678' },
  DE: { prefix: '+49', area: ['30', '89', '40'], length: 8, first: '2345678' },
  FR: { prefix: '+33', area: ['1', '4'], length: 8, first: '2345678' },
  IT: { prefix: '+39', area: ['06', '02'], length: 8, first: '2345678' },
} as const
type Region = keyof typeof regions

const digit = fc.integer({ min: 0, max: 9 }).map(String)

/** A full number of one of the regions, with its region. */
const fullNumber = fc.constantFrom(...(Object.keys(regions) as Region[])).chain((region) => {
  const { prefix, area, length, first } = regions[region]
  return fc
    .record({
      area: fc.constantFrom(...area),
      first: fc.constantFrom(...first.split('')),
      rest: fc.array(digit, { minLength: length - 1, maxLength: length - 1 }),
    })
    .map((parts) => ({ region, text: `${prefix}${parts.area}${parts.first}${parts.rest.join('')}` }))
    .filter(({ text }) => parsePhone(text, region)?.callingCode !== null)
})

function parsed(text: string, region = 'US'): PhoneNumber {
  const number = parsePhone(text, region)
  if (number === null) throw new Error(`no number in ${text}`)
  return number
}

describe('spellings', () => {
  test('of a number of the US are the ones that integrators list', () => {
    expect(phoneSpellings(parsed('+15125551234'))).toEqual(
      expect.arrayContaining([
        '+15125551234',
        '15125551234',
        '5125551234',
        '(512) 555-1234',
        '512-555-1234',
        '512.555.1234',
        '512 555 1234',
        '+1 512 555 1234',
        '+1 (512) 555-1234',
        '1-512-555-1234',
        '0015125551234',
      ]),
    )
  })

  test('of another country have the trunk forms too', () => {
    expect(phoneSpellings(parsed('+441914956203'))).toEqual(
      expect.arrayContaining(['0191 495 6203', '01914956203', '+44 191 495 6203']),
    )
  })

  test('are at most 16, all different, and all match their number', () => {
    fc.assert(
      fc.property(fullNumber, ({ region, text }) => {
        const number = parsed(text, region)
        const spellings = phoneSpellings(number)
        expect(spellings.length).toBeLessThanOrEqual(16)
        expect(new Set(spellings).size).toBe(spellings.length)
        for (const spelling of spellings) expect(matchPhone(spelling, number, region)).not.toBeNull()
      }),
      { numRuns: 300 },
    )
  })

  test('match in a workspace of another region as well', () => {
    fc.assert(
      fc.property(fullNumber, ({ text }) => {
        const number = parsed(text, 'ZZ')
        expect(matchPhone(text, number, 'ZZ')).toBe('EXACT')
        expect(matchPhone(text.slice(1), number, 'ZZ')).toBe('LOOSE')
      }),
      { numRuns: 200 },
    )
  })
})

describe('matching', () => {
  test.each([
    ['+1 (512) 555-0143', 'EXACT'],
    ['(512) 555-0143', 'EXACT'],
    ['tel:+1-512-555-0143', 'EXACT'],
    ['mob: 512 / 555.0143 (after 5pm)', 'EXACT'],
    ['512-555-0143 x12', 'LOOSE'],
    ['512-555-0143 ext. 12', 'LOOSE'],
    ['512 555 0143 / 512 555 0187', 'LOOSE'],
    ['011 1 512 555 0143', 'EXACT'],
    ['512 555 0144', null],
    ['+44 512 555 0143', null],
    ['555-0143', null],
    ['0143', null],
    ['%', null],
    ['', null],
    ['call me', null],
  ] as const)('of +15125550143 with %j gives %j', (stored, outcome) => {
    expect(matchPhone(stored, parsed('+15125550143'), 'US')).toBe(outcome)
  })

  test('takes a national number of another country for a loose match', () => {
    expect(matchPhone('0191 495 6203', parsed('+441914956203'), 'US')).toBe('LOOSE')
    expect(matchPhone('0191 495 6203', parsed('+441914956203'), 'GB')).toBe('EXACT')
  })

  const between = fc.stringMatching(/^[ .\-/()]{0,3}$/)
  const around = fc.constantFrom('', ' ', 'tel: ', 'mobile ', '☎ ', '(home) ')

  test('survives any untidy decoration', () => {
    fc.assert(
      fc.property(
        fullNumber,
        fc.array(between, { minLength: 16, maxLength: 16 }),
        around,
        fc.constantFrom('', ' ', ' (office)', ' ext. 12', ' x7'),
        ({ region, text }, gaps, before, after) => {
          const untidy =
            before +
            text[0] +
            text
              .slice(1)
              .split('')
              .map((d, i) => (gaps[i] ?? '') + d)
              .join('') +
            after
          expect(matchPhone(untidy, parsed(text, region), region)).not.toBeNull()
        },
      ),
      { numRuns: 500 },
    )
  })

  test('never takes one number for another', () => {
    fc.assert(
      fc.property(fullNumber, fullNumber, (a, b) => {
        fc.pre(a.text !== b.text)
        const other = parsed(b.text, b.region)
        for (const spelling of [a.text, phoneSpellings(parsed(a.text, a.region))[1] ?? '']) {
          expect(matchPhone(spelling, other, a.region)).toBeNull()
        }
      }),
      { numRuns: 500 },
    )
  })

  test('never matches text that holds fewer than seven digits', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => text.replace(/\D/g, '').length < 7),
        fullNumber,
        (text, { text: full, region }) => {
          expect(parsePhone(text, region)).toBeNull()
          expect(matchPhone(text, parsed(full, region), region)).toBeNull()
        },
      ),
    )
  })

  test('never throws, whatever the text and the region', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ maxLength: 3 }), (text, region) => {
        const number = parsePhone(text, region)
        if (number) expect(matchPhone(text, number, region)).not.toBeNull()
      }),
      { numRuns: 200 },
    )
  })

  test('decides the same with and without a memory', () => {
    fc.assert(
      fc.property(fullNumber, ({ region, text }) => {
        const number = parsed(text, region)
        const matcher = createPhoneMatcher(number, region)
        for (const spelling of [...phoneSpellings(number), ...phoneSpellings(number)]) {
          expect(matcher(spelling)).toBe(matchPhone(spelling, number, region))
        }
      }),
      { numRuns: 50 },
    )
  })
})

test('a pattern finds the number however its digits are grouped', () => {
  fc.assert(
    fc.property(
      fullNumber,
      fc.array(fc.stringMatching(/^[ .\-/]{0,2}$/), { minLength: 16, maxLength: 16 }),
      ({ region, text }, gaps) => {
        const untidy = text
          .split('')
          .map((d, i) => d + (gaps[i] ?? ''))
          .join('')
        const [parts = []] = phonePatterns(parsed(text, region))
        expect(parts.length).toBeGreaterThanOrEqual(7)
        let from = 0
        for (const part of parts) {
          from = untidy.indexOf(part, from) + part.length
          expect(from).toBeGreaterThanOrEqual(part.length)
        }
      },
    ),
  )
})
