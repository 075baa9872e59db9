/** The neutral shape of a seeded person; each emulated CRM turns it into its own rows. */

/** Phone texts by the role of the field that holds them, exactly as somebody once typed them. */
export interface SeedPhones {
  main: string | null
  /** At most 20 characters: a Dynamics lead takes no more (crm-apis.md 3.1). */
  mobile: string | null
  home: string | null
  other: string | null
}

/** How one CRM holds a person. `PERSON_ACCOUNT` occurs in Salesforce only. */
export interface SeedEntry<Kind extends string> {
  kind: Kind
  phones: SeedPhones
  email: string | null
  description: string | null
}

export interface SeedCompany {
  /** From 1; people with the same company carry the same number. */
  number: number
  name: string
  accountNumber: string
  /** The switchboard as each CRM spells it. */
  phones: { dynamics: string | null; salesforce: string | null }
  website: string
  city: string
  country: string
}

export interface SeedPerson {
  /** Position in the list, from 1: ids and times are made of it. */
  number: number
  firstName: string
  lastName: string
  jobTitle: string | null
  company: SeedCompany | null
  /** Null where this CRM does not know the person. */
  dynamics: SeedEntry<'CONTACT' | 'LEAD'> | null
  salesforce: SeedEntry<'CONTACT' | 'LEAD' | 'PERSON_ACCOUNT'> | null
}

/** Each company of these people once, in the order of their numbers. */
export function companiesOf(people: readonly SeedPerson[]): SeedCompany[] {
  const companies = new Map<number, SeedCompany>()
  for (const { company } of people) {
    if (company) companies.set(company.number, company)
  }
  return [...companies.values()].sort((a, b) => a.number - b.number)
}
