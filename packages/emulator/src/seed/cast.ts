/**
 * The people that tests and documentation name. They open every seed, whatever its size, and never change: a phone, a
 * name or a company here is a promise.
 */
import type { SeedCompany, SeedPerson, SeedPhones } from './person.ts'

type CastMember = Omit<SeedPerson, 'number'>

const phones = (given: Partial<SeedPhones>): SeedPhones => ({
  main: null,
  mobile: null,
  home: null,
  other: null,
  ...given,
})

/** An account that Dynamics finds by Ada's own number; Salesforce knows the company by another one. */
export const analyticalEngines: SeedCompany = {
  number: 1,
  name: 'Analytical Engines',
  accountNumber: 'AE-1843',
  phones: { dynamics: '512.555.0143', salesforce: '(512) 555-0100' },
  website: 'https://analytical-engines.example',
  city: 'Austin',
  country: 'United States',
}

export const brennanAndSons: SeedCompany = {
  number: 2,
  name: "Brennan's & Sons",
  accountNumber: "BR'77",
  phones: { dynamics: '+1 512 555 0150', salesforce: '15125550150' },
  website: 'https://brennans.example',
  city: 'Austin',
  country: 'United States',
}

/** +1 512 555 0143: a contact of both CRMs, spelt differently in each. */
export const ada: CastMember = {
  firstName: 'Ada',
  lastName: 'Lovelace-Byrne',
  jobTitle: 'Head of Computation',
  company: analyticalEngines,
  dynamics: {
    kind: 'CONTACT',
    phones: phones({ main: '(512) 555-0143' }),
    email: 'ada@analytical-engines.example',
    description: null,
  },
  salesforce: {
    kind: 'CONTACT',
    phones: phones({ main: '512-555-0143' }),
    email: 'Ada@Analytical-Engines.example',
    description: null,
  },
}

/** A lead in Salesforce with Ada's number. */
export const adasLead: CastMember = {
  firstName: 'Ada',
  lastName: 'Byrne',
  jobTitle: null,
  company: analyticalEngines,
  dynamics: null,
  salesforce: { kind: 'LEAD', phones: phones({ mobile: '+15125550143' }), email: null, description: 'Web form' },
}

/** +1 512 555 0187, spelt so that no tidy spelling finds it; only a broad pattern does. */
export const untidyOnly: CastMember = {
  firstName: 'Grace',
  lastName: 'Underhill',
  jobTitle: null,
  company: null,
  dynamics: {
    kind: 'CONTACT',
    phones: phones({ main: 'mob: 512 / 555.0187 (after 5pm)' }),
    email: 'grace.underhill@people.example',
    description: null,
  },
  salesforce: {
    kind: 'LEAD',
    phones: phones({ main: 'mob: 512 / 555.0187 (after 5pm)' }),
    email: null,
    description: null,
  },
}

/** +1 512 555 0150: an apostrophe in the name, the e-mail address, the company and its account number. */
export const apostrophe: CastMember = {
  firstName: 'Pat',
  lastName: "O'Neil",
  jobTitle: 'Owner',
  company: brennanAndSons,
  dynamics: {
    kind: 'CONTACT',
    phones: phones({ main: '15125550150' }),
    email: "pat.o'neil@brennans.example",
    description: null,
  },
  salesforce: {
    kind: 'CONTACT',
    phones: phones({ main: '(512) 555-0150' }),
    email: "pat.o'neil@brennans.example",
    description: null,
  },
}

/** Characters that mean something in a query: a backslash at the end, % and _ and brackets. */
export const hostileText: CastMember = {
  firstName: '100%_[x]',
  lastName: 'Trailing\\',
  jobTitle: '50%_off',
  company: null,
  dynamics: {
    kind: 'CONTACT',
    phones: phones({ main: '+1 512 555 0166' }),
    email: 'trailing_%@people.example',
    description: 'C:\\temp\\',
  },
  salesforce: {
    kind: 'CONTACT',
    phones: phones({ main: '512 555 0166' }),
    email: 'trailing_%@people.example',
    description: 'C:\\temp\\',
  },
}

/** A consumer: a person account in Salesforce, a lead without a company in Dynamics. +44 191 498 0123. */
export const consumer: CastMember = {
  firstName: 'Zoë',
  lastName: 'Ångström',
  jobTitle: null,
  company: null,
  dynamics: {
    kind: 'LEAD',
    phones: phones({ mobile: '0191 498 0123' }),
    email: 'zoe@people.example',
    description: null,
  },
  salesforce: {
    kind: 'PERSON_ACCOUNT',
    phones: phones({ mobile: '+44 191 4980123' }),
    email: 'zoe@people.example',
    description: null,
  },
}

/** Two people of one household behind one number, +1 512 555 0199, one per CRM and name. */
export const household: readonly [CastMember, CastMember] = [
  {
    firstName: 'Иван',
    lastName: 'Петров',
    jobTitle: null,
    company: null,
    dynamics: { kind: 'CONTACT', phones: phones({ home: '512-555-0199' }), email: null, description: null },
    salesforce: { kind: 'CONTACT', phones: phones({ home: '(512) 555-0199' }), email: null, description: null },
  },
  {
    firstName: 'Мария',
    lastName: 'Петрова',
    jobTitle: null,
    company: null,
    dynamics: { kind: 'CONTACT', phones: phones({ mobile: '5125550199' }), email: null, description: null },
    salesforce: { kind: 'CONTACT', phones: phones({ mobile: '512.555.0199' }), email: null, description: null },
  },
]

export const cast: readonly CastMember[] = [ada, adasLead, untidyOnly, apostrophe, hostileText, consumer, ...household]
