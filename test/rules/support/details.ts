/** The details of records, and detail fields of the account to set. */
import { kindIn, look } from './looking.ts'
import type { RuleCrm } from './rules.ts'
import { lookupFields } from './typed-fields.ts'

export interface Shown {
  name: string
  label: string
  type: string
  value: string | null
  raw: unknown
  reference: { name: string | null; remoteId: string } | null
}

interface Opened {
  __typename: string
  record?: { name: string; fields: Shown[] }
}

export async function open({ running }: RuleCrm, id: string, bearer: string): Promise<Opened> {
  const { record } = await running.execute(
    `query ($id: ID!) {
      record(id: $id) {
        __typename
        ... on RecordSuccess {
          record { name fields(view: DETAIL) { name label type value raw reference { name remoteId } } }
        }
      }
    }`,
    { id },
    bearer,
  )
  return record
}

/** The details of a record that is found by its name, as an agent opens them from the results. */
export async function details(
  crm: RuleCrm,
  name: string,
  kind: 'ACCOUNT' | 'CONTACT' | 'LEAD' = 'ACCOUNT',
): Promise<Shown[]> {
  const bearer = await crm.agent()
  const [hit] = (await look(crm, { term: name, ...kindIn(crm, kind) }, bearer)).hits
  if (!hit) throw new Error(`${crm.provider} does not find ${name}`)
  const { record } = await open(crm, hit.record.id, bearer)
  if (!record) throw new Error(`${name} cannot be opened`)
  return record.fields
}

export const labelsOf = (shown: readonly Shown[]) => shown.map(({ label }) => label)
export const one = (shown: readonly Shown[], label: string) => shown.find((field) => field.label === label)

export const industryField = (crm: RuleCrm) => ({
  entityType: crm.names.account.entity,
  name: crm.names.accountField.industry,
  label: 'Industry',
  fieldType: 'OPTION_SET',
})

export const contactField = (crm: RuleCrm) => ({
  entityType: crm.names.account.entity,
  name: lookupFields[crm.provider].name,
  label: 'Primary Contact',
  fieldType: 'LOOKUP',
})
