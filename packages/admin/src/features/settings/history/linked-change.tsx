import { Alert } from '@mantine/core'
import { useQuery } from 'urql'
import { graphql } from '../../../graphql/generated/index.ts'
import { Waiting } from '../../../ui/waiting.tsx'
import classes from './history.module.css'
import { HistoryChange } from './history-change.tsx'

const LinkedChange_Query = graphql(`
  query LinkedChange_Query($id: ID!) {
    node(id: $id) {
      __typename
      id
      ...HistoryChange_Change
    }
  }
`)

/** A change that the address leads to, and that lies further back than what is listed. */
export function LinkedChange({ changeId }: { changeId: string }) {
  const [{ data, fetching }] = useQuery({ query: LinkedChange_Query, variables: { id: changeId } })
  if (fetching && !data) return <Waiting />
  if (data?.node?.__typename !== 'SettingsChange') {
    return <Alert color="orange">The change that this address leads to is not there any more.</Alert>
  }
  return (
    <ul aria-label="The change that the address leads to" className={classes['list']}>
      <HistoryChange change={data.node} linked inForce={false} />
    </ul>
  )
}
