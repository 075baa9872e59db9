import { Button, Text } from '@mantine/core'
import { useState } from 'react'
import { useClient } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import { graphql } from '../../graphql/generated/index.ts'
import { usePreviewState } from './preview-context.ts'
import type { MadeUpVisitor } from './subject.ts'

const SampleRecordButton_Search = graphql(`
  query SampleRecordButton_Search($input: PreviewInput!) {
    preview(input: $input) {
      searchRecords(input: { term: "a", first: 10 }) {
        __typename
        ... on SearchRecordsSuccess {
          hits { record { id name phone email entityType { id kind } } }
        }
        ... on Error { message }
      }
    }
  }
`)

interface SampleRecordButtonProps {
  onFound: (person: Pick<MadeUpVisitor, 'firstName' | 'lastName' | 'phone' | 'email'>) => void
}

/** Takes somebody whom the org knows, by the settings in force, so that there is something to see. */
export function SampleRecordButton({ onFound }: SampleRecordButtonProps) {
  const client = useClient()
  const { integrationId } = usePreviewState()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)

  async function find() {
    setBusy(true)
    const { data, error } = await client.query(SampleRecordButton_Search, { input: { integrationId } })
    setBusy(false)
    const result = data?.preview.searchRecords
    if (result?.__typename !== 'SearchRecordsSuccess') return setProblem(result?.message ?? sentenceFor(error))
    const records = result.hits.map(({ record }) => record)
    const people = records.filter(({ entityType }) => entityType.kind === 'CONTACT' || entityType.kind === 'LEAD')
    const record = people.find(({ phone }) => phone) ?? people[0] ?? records.find(({ phone }) => phone)
    if (record === undefined) return setProblem('No record was found. Fill in a phone number that your CRM knows.')
    setProblem(null)
    const [firstName = '', ...rest] = record.name.split(' ')
    onFound({ firstName, lastName: rest.join(' '), phone: record.phone ?? '', email: record.email ?? '' })
  }

  return (
    <>
      <Button size="xs" variant="light" loading={busy} onClick={() => void find()}>
        Try with a record of your CRM
      </Button>
      {problem && (
        <Text size="sm" role="alert">
          {problem}
        </Text>
      )}
    </>
  )
}
