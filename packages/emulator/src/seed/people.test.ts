import { describe, expect, test } from 'vitest'
import { ada, cast } from './cast.ts'
import { seedPeople } from './people.ts'
import { companiesOf, type SeedPhones } from './person.ts'

const people = seedPeople()
const phonesOf = (phones: SeedPhones | undefined) => Object.values(phones ?? {}).filter((text) => text !== null)
const allPhones = people.flatMap((person) => [
  ...phonesOf(person.dynamics?.phones),
  ...phonesOf(person.salesforce?.phones),
])

describe('seeded people', () => {
  test('are the same every time', () => {
    expect(seedPeople()).toEqual(people)
  })

  test('open with the cast, whatever their number', () => {
    expect(people.slice(0, cast.length).map((person) => person.lastName)).toEqual(cast.map((member) => member.lastName))
    expect(seedPeople(3)).toEqual(people.slice(0, 3))
    expect(ada.dynamics?.phones.main).not.toBe(ada.salesforce?.phones.main)
  })

  test('fill both CRMs, a good part of them known to both', () => {
    const inBoth = people.filter((person) => person.dynamics && person.salesforce)
    expect(people.length).toBe(3200)
    expect(people.every((person) => person.dynamics || person.salesforce)).toBe(true)
    expect(inBoth.length).toBeGreaterThan(800)
    expect(
      inBoth.filter((person) => person.dynamics?.phones.main !== person.salesforce?.phones.main).length,
    ).toBeGreaterThan(300)
  })

  test('have untidy, shared and missing phone numbers that fit the fields', () => {
    const digits = allPhones.map((text) => text.replace(/\D/g, '').slice(-7))
    expect(new Set(allPhones.map((text) => text.replace(/\d/g, '9'))).size).toBeGreaterThan(40)
    expect(new Set(digits).size).toBeLessThan(digits.length)
    expect(people.some((person) => phonesOf(person.salesforce?.phones).length === 0 && !person.salesforce?.email)).toBe(
      true,
    )
    expect(Math.max(...allPhones.map((text) => text.length))).toBeLessThanOrEqual(40)
    for (const person of people) {
      for (const entry of [person.dynamics, person.salesforce])
        expect((entry?.phones.mobile ?? '').length).toBeLessThanOrEqual(20)
    }
  })

  test('leave the numbers of the cast to the cast', () => {
    const others = people
      .slice(cast.length)
      .flatMap((person) => [...phonesOf(person.dynamics?.phones), ...phonesOf(person.salesforce?.phones)])
    expect(others.filter((text) => /512\D*555\D*01|191\D*498/.test(text))).toEqual([])
  })

  test('have names in many scripts, with apostrophes', () => {
    const names = people.map((person) => `${person.firstName} ${person.lastName}`).join('\n')
    for (const script of [
      /\p{Script=Cyrillic}/u,
      /\p{Script=Greek}/u,
      /\p{Script=Han}/u,
      /\p{Script=Arabic}/u,
      /é/,
      /'/,
    ]) {
      expect(names).toMatch(script)
    }
  })

  test('work at companies with several people each, under .example addresses', () => {
    const companies = companiesOf(people)
    expect(companies.length).toBeGreaterThan(200)
    expect(new Set(companies.map((company) => company.accountNumber)).size).toBe(companies.length)
    for (const { dynamics, salesforce } of people) {
      for (const email of [dynamics?.email, salesforce?.email]) if (email) expect(email).toMatch(/\.example$/i)
    }
  })
})
