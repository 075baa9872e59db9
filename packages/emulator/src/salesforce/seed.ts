import { companiesOf, type SeedEntry, type SeedPerson } from '../seed/index.ts'
import type { Store } from '../store.ts'
import { makeId } from './ids.ts'
import { demoSalesforceUser, orgId, userId } from './oauth/app.ts'
import { personContact, personName } from './records/rules.ts'
import { toSalesforceTime } from './times.ts'

type Target = Pick<Store, 'put' | 'nextNumber'>
type Fields = Record<string, unknown>

/** The first row's time; every further row is a minute younger. */
const firstDay = Date.UTC(2025, 0, 6, 9)

/** The two record types of accounts, and the two of leads. */
const businessRecordType = makeId('012', 1)
const personRecordType = makeId('012', 2)
const salesLeadRecordType = makeId('012', 3)
const partnerLeadRecordType = makeId('012', 4)

/** Puts what an org has of itself, and the people as accounts, contacts, leads and person accounts. */
export function seedSalesforce(target: Target, people: readonly SeedPerson[]): void {
  let minutes = 0

  function put(
    table: string,
    keyPrefix: string,
    fields: Fields,
    id = makeId(keyPrefix, target.nextNumber(table)),
  ): string {
    const stamp = toSalesforceTime(firstDay + minutes++ * 60_000)
    const row: Fields = { Id: id }
    for (const [name, value] of Object.entries(fields)) if (value !== null) row[name] = value
    target.put(table, id, {
      ...row,
      IsDeleted: false,
      CreatedDate: stamp,
      CreatedById: userId,
      LastModifiedDate: stamp,
      LastModifiedById: userId,
      SystemModstamp: stamp,
    })
    return id
  }

  const owned = { OwnerId: userId }
  seedOrg(put)
  const accounts = new Map<number, string>()
  for (const company of companiesOf(people)) {
    accounts.set(
      company.number,
      put('Account', '001', {
        Name: company.name,
        RecordTypeId: businessRecordType,
        IsPersonAccount: false,
        Phone: company.phones.salesforce,
        AccountNumber: company.accountNumber,
        Website: company.website,
        BillingCity: company.city,
        BillingCountry: company.country,
        CleanStatus: 'Pending',
        Key_Customer__c: false,
        ...owned,
      }),
    )
  }
  for (const person of people) {
    const { salesforce: entry, company } = person
    if (!entry) continue
    const name = { FirstName: person.firstName, LastName: person.lastName }
    switch (entry.kind) {
      case 'CONTACT':
        put('Contact', '003', {
          ...name,
          Name: personName(name),
          AccountId: company ? accounts.get(company.number) : null,
          Title: person.jobTitle,
          DoNotCall: false,
          IsPersonAccount: false,
          ...contactPhones(entry),
          ...owned,
        })
        break
      case 'LEAD':
        put('Lead', '00Q', {
          ...name,
          Name: personName(name),
          // A lead must have a company; people without one are entered like this.
          Company: company?.name ?? '[not provided]',
          Title: person.jobTitle,
          Email: entry.email,
          Phone: entry.phones.main ?? entry.phones.home ?? entry.phones.other,
          MobilePhone: entry.phones.mobile,
          Description: entry.description,
          Status: 'Open - Not Contacted',
          IsConverted: false,
          RecordTypeId: salesLeadRecordType,
          DoNotCall: false,
          ...owned,
        })
        break
      case 'PERSON_ACCOUNT': {
        const contactId = makeId('003', target.nextNumber('Contact'))
        const account: Fields = {
          ...name,
          Name: personName(name),
          RecordTypeId: personRecordType,
          IsPersonAccount: true,
          Key_Customer__c: false,
          PersonContactId: contactId,
          Phone: entry.phones.main ?? entry.phones.other,
          PersonMobilePhone: entry.phones.mobile,
          PersonHomePhone: entry.phones.home,
          PersonEmail: entry.email,
          Description: entry.description,
          ...owned,
        }
        account.Id = put('Account', '001', account)
        put('Contact', '003', { ...personContact(account), Name: account.Name, DoNotCall: false, ...owned }, contactId)
      }
    }
  }
}

const contactPhones = ({ phones, email, description }: SeedEntry<string>) => ({
  Email: email,
  Phone: phones.main,
  MobilePhone: phones.mobile,
  HomePhone: phones.home,
  OtherPhone: phones.other,
  Description: description,
})

function seedOrg(put: (table: string, keyPrefix: string, fields: Fields, id?: string) => string): void {
  const { username, firstName, lastName, email, timeZone } = demoSalesforceUser
  put(
    'Organization',
    '00D',
    {
      Name: 'Emulated Salesforce',
      OrganizationType: 'Developer Edition',
      InstanceName: 'EMU1',
      IsSandbox: false,
      TimeZoneSidKey: timeZone,
      LanguageLocaleKey: 'en_US',
    },
    orgId,
  )
  const user = { FirstName: firstName, LastName: lastName, Name: `${firstName} ${lastName}`, Alias: 'idemo' }
  put('User', '005', { ...user, Username: username, Email: email, IsActive: true, TimeZoneSidKey: timeZone }, userId)
  const recordTypes = [
    ['Account', 'Business Account', 'Business_Account', businessRecordType],
    ['Account', 'Person Account', 'PersonAccount', personRecordType],
    ['Lead', 'Sales Lead', 'Sales_Lead', salesLeadRecordType],
    ['Lead', 'Partner Lead', 'Partner_Lead', partnerLeadRecordType],
  ] as const
  for (const [object, name, developerName, id] of recordTypes) {
    const isPerson = id === personRecordType
    const type = {
      Name: name,
      DeveloperName: developerName,
      SobjectType: object,
      IsActive: true,
      IsPersonType: isPerson,
    }
    put('RecordType', '012', type, id)
  }
  const statuses = ['Not Started', 'In Progress', 'Completed', 'Waiting on someone else', 'Deferred']
  for (const [index, status] of statuses.entries()) {
    put('TaskStatus', '01J', {
      MasterLabel: status,
      ApiName: status,
      SortOrder: index + 1,
      IsDefault: index === 0,
      IsClosed: status === 'Completed',
    })
  }
  const vehicle = { Make__c: 'Acme', Year__c: 2021, Active__c: true, OwnerId: userId }
  put('Vehicle__c', 'a01', { ...vehicle, Name: 'Van 1', Plate__c: 'ADA-1843', Car_Phone__c: '(512) 555-0171' })
  put('Vehicle__c', 'a01', { ...vehicle, Name: 'Van 2', Plate__c: "O'N-77", Extras__c: 'Roof Rack;Tow Bar' })
}
