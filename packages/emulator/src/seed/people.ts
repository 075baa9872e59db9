import { cast } from './cast.ts'
import { companyHeads, companyTails, jobTitles, namePools, places } from './names.ts'
import type { SeedCompany, SeedPerson, SeedPhones } from './person.ts'
import { makeNumber, type PhoneNumber, spell, spellUntidily } from './phone-texts.ts'
import { createRandom, type Random } from './random.ts'

/** Companies 1 and 2 belong to the cast. */
const firstCompanyNumber = 3
const peoplePerCompany = 12

/**
 * People for the emulated CRMs, the same on every call: the named cast first, then `count` less its size of made-up
 * ones with untidy phone numbers, shared phones, apostrophes and many scripts. About a third is in both CRMs.
 */
export function seedPeople(count = 3200): SeedPerson[] {
  const random = createRandom(20260101)
  const companies = makeCompanies(Math.ceil(count / peoplePerCompany), random)
  const people: SeedPerson[] = cast.slice(0, count).map((member, index) => ({ number: index + 1, ...member }))
  let shared: PhoneNumber | null = null
  while (people.length < count) {
    const number: PhoneNumber = shared && random.chance(0.08) ? shared : makeNumber(random)
    people.push(makePerson(people.length + 1, number, companies, random))
    shared = number
  }
  return people
}

function makeCompanies(count: number, random: Random): SeedCompany[] {
  return Array.from({ length: count }, (_, index) => {
    const number = firstCompanyNumber + index
    const name = `${random.pick(companyHeads)} ${random.pick(companyTails)}${random.chance(0.4) ? ` ${number}` : ''}`
    const switchboard = makeNumber(random)
    const [city, country] = random.pick(places)
    return {
      number,
      name,
      accountNumber: random.chance(0.3) ? `ACC ${number}/${100 + random.below(900)}` : `A-${10_000 + number}`,
      phones: { dynamics: spellUntidily(switchboard, random), salesforce: spellUntidily(switchboard, random) },
      website: `https://company-${number}.example`,
      city,
      country,
    }
  })
}

function makePerson(number: number, phone: PhoneNumber, companies: SeedCompany[], random: Random): SeedPerson {
  const pool = pickPool(random)
  const firstName = random.pick(pool.first)
  const lastName = random.pick(pool.last)
  const company = random.chance(0.75) ? (companies[random.below(companies.length)] ?? null) : null
  const mailbox = `${pool.mailbox ?? toMailbox(`${firstName}.${lastName}`)}.${number}`
  const email = random.chance(0.85) ? `${mailbox}@${company ? new URL(company.website).host : 'people.example'}` : null
  const second = random.chance(0.25) ? makeNumber(random) : null
  const where = random.fraction()
  const isLead = random.chance(0.35)
  const inDynamics = where < 0.67
  const inSalesforce = where >= 0.33
  return {
    number,
    firstName,
    lastName,
    jobTitle: company ? random.pick(jobTitles) : null,
    company,
    dynamics: inDynamics
      ? { kind: isLead ? 'LEAD' : 'CONTACT', phones: makePhones(phone, second, random), email, description: null }
      : null,
    salesforce: inSalesforce
      ? {
          kind: isLead ? 'LEAD' : company ? 'CONTACT' : 'PERSON_ACCOUNT',
          phones: makePhones(phone, second, random),
          email: email && random.chance(0.2) ? email.toUpperCase() : email,
          description: null,
        }
      : null,
  }
}

function makePhones(first: PhoneNumber, second: PhoneNumber | null, random: Random): SeedPhones {
  const phones: SeedPhones = { main: null, mobile: null, home: null, other: null }
  const roll = random.fraction()
  if (roll < 0.55) phones.main = spellUntidily(first, random)
  else if (roll < 0.85) phones.mobile = spell(first, random)
  else if (roll < 0.92) phones.home = spellUntidily(first, random)
  else if (roll < 0.95) phones.other = spellUntidily(first, random)
  if (second) phones[phones.mobile ? 'main' : 'mobile'] = spell(second, random)
  return phones
}

function pickPool(random: Random) {
  const total = namePools.reduce((sum, pool) => sum + pool.weight, 0)
  let left = random.below(total)
  for (const pool of namePools) {
    left -= pool.weight
    if (left < 0) return pool
  }
  throw new Error('Name pools weigh nothing')
}

/** Plain ASCII but for apostrophes, which mail addresses really have. */
function toMailbox(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[’]/g, "'")
    .replace(/[^a-zA-Z0-9.'-]/g, '')
    .toLowerCase()
}
