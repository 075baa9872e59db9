/** The seeded people as Dataverse rows: accounts, contacts under them, leads, and a car here and there. */
import { companiesOf, type SeedPerson, type SeedPhones } from '../seed/index.ts'
import type { Row, Store } from '../store.ts'
import { dynamicsDemo } from './demo.ts'
import { definitions, type EntityDefinition } from './schema/index.ts'
import { fromTime, stableGuid } from './values.ts'

/** When the org was filled: people follow each other by the minute. */
const beginning = Date.UTC(2024, 0, 8, 9)

type Sink = Pick<Store, 'put' | 'nextNumber'>
type Put = (table: string, id: string, minutes: number, values: Row) => void

/** The id of a seeded row. `number` is the person's or the company's. */
function seedId(table: string, number: number): string {
  return stableGuid(`row/${table}/${number}`)
}

export function seedDynamics(store: Sink, people: readonly SeedPerson[]): void {
  const tables = new Map(
    definitions.map(({ logicalName, primaryId, attributes }) => [
      logicalName,
      { primaryId, initial: initialRow(attributes) },
    ]),
  )

  const put: Put = (table, id, minutes, values) => {
    const { primaryId = '', initial } = tables.get(table) ?? {}
    const time = fromTime(beginning + minutes * 60_000)
    const row: Record<string, unknown> = { [primaryId]: id, ...initial, createdon: time, modifiedon: time }
    for (const [name, value] of Object.entries(values)) {
      if (value !== null) row[name] = value
    }
    row['versionnumber'] = store.nextNumber('version')
    store.put(table, id, row)
  }

  putOrg(put)
  const inDynamics = people.filter((person) => person.dynamics)
  for (const company of companiesOf(inDynamics)) {
    put('account', seedId('account', company.number), company.number, {
      name: company.name,
      accountnumber: company.accountNumber,
      telephone1: company.phones.dynamics,
      websiteurl: company.website,
      address1_city: company.city,
      address1_country: company.country,
      industrycode: [1, 6, 7, 16, 20, 33][company.number % 6],
    })
  }
  for (const person of inDynamics) putPerson(put, person)
}

function putPerson(put: Put, person: SeedPerson): void {
  const { dynamics, company, number, firstName, lastName } = person
  if (!dynamics) return
  const named = {
    firstname: firstName,
    lastname: lastName,
    fullname: [firstName, lastName].filter((part) => part !== '').join(' '),
    jobtitle: person.jobTitle,
    emailaddress1: dynamics.email,
    description: dynamics.description,
    ...phonesOf(dynamics.phones),
  }
  if (dynamics.kind === 'LEAD') {
    const subject = company ? `Interest of ${company.name}` : 'Website enquiry'
    put('lead', seedId('lead', number), number, { ...named, subject, companyname: company?.name ?? null })
    return
  }
  const id = seedId('contact', number)
  const parent = company
    ? { _parentcustomerid_value: seedId('account', company.number), '_parentcustomerid_value.target': 'account' }
    : {}
  put('contact', id, number, { ...named, ...parent })
  if (number % 25 === 0) putVehicle(put, number, id)
}

function putVehicle(put: Put, number: number, contactId: string): void {
  put('new_vehicle', seedId('new_vehicle', number), number, {
    new_name: `Car of the ${number}th contact`,
    new_licenseplate: `BC ${String(number).padStart(4, '0')}`,
    _new_contact_value: contactId,
    '_new_contact_value.target': 'contact',
    new_color: 100_000_000 + (number % 4),
    new_mileage: number * 37,
    new_electric: number % 2 === 0,
  })
}

const phonesOf = (phones: SeedPhones) => ({
  telephone1: phones.main,
  mobilephone: phones.mobile,
  telephone2: phones.home,
  telephone3: phones.other,
})

function putOrg(put: Put): void {
  put('organization', dynamicsDemo.organizationId, 0, {
    name: dynamicsDemo.organizationName,
    languagecode: 1033,
    maxuploadfilesize: 5_242_880,
  })
  put('systemuser', dynamicsDemo.userId, 0, {
    fullname: dynamicsDemo.userName,
    lastname: dynamicsDemo.userName,
    applicationid: dynamicsDemo.clientId,
    isdisabled: false,
  })
  put('systemuser', dynamicsDemo.colleagueId, 0, {
    fullname: dynamicsDemo.colleagueName,
    firstname: 'Robin',
    lastname: 'Okafor',
    internalemailaddress: dynamicsDemo.colleagueAccount,
    domainname: dynamicsDemo.colleagueAccount,
    isdisabled: false,
  })
}

/** What every row of a table holds before anything is said about it; empty columns are not kept. */
function initialRow(attributes: EntityDefinition['attributes']): Row {
  const row: Record<string, unknown> = {}
  for (const [name, attribute] of Object.entries(attributes)) {
    if ('initially' in attribute && attribute.initially !== undefined) row[name] = attribute.initially
    if (attribute.type === 'State' || attribute.type === 'Status') row[name] = attribute.options[0]?.value
    if (attribute.type === 'Owner' || name === 'createdby' || name === 'modifiedby') {
      row[`_${name}_value`] = dynamicsDemo.userId
      row[`_${name}_value.target`] = 'systemuser'
    }
  }
  return row
}
