import { Alert, List, Text } from '@mantine/core'
import { type FragmentType, graphql, readFragment } from '../../graphql/generated/index.ts'
import { AnchorLink } from '../../ui/link.tsx'
import { useSection } from './sections.ts'

export const SectionNotices_Integration = graphql(`
  fragment SectionNotices_Integration on Integration {
    id
    name
    provider
    status
    problems { code message section }
  }
`)

/** What stands in the way of all settings, and what is wrong with those of the section that is open. */
export function SectionNotices({ integration }: { integration: FragmentType<typeof SectionNotices_Integration> }) {
  const { id, name, provider, status, problems } = readFragment(SectionNotices_Integration, integration)
  const { section } = useSection(id)
  const ofConnection = problems.filter((problem) => problem.section === 'CONNECTION')
  const ofSection = problems.filter((problem) => problem.section != null && problem.section === section)
  const crm = provider === 'DYNAMICS' ? 'dynamics' : 'salesforce'
  return (
    <>
      {status !== 'CONNECTED' && (
        <Alert color="orange" title={status === 'DISCONNECTED' ? `${name} is disconnected` : `${name} needs attention`}>
          <Text size="sm">
            {ofConnection.map(({ message }) => message).join(' ')} Names may not be checked now: what you save is
            checked as soon as the org answers again.{' '}
            <AnchorLink to="/integrations/{-$crm}" params={{ crm }} inherit>
              Go to its card
            </AnchorLink>
          </Text>
        </Alert>
      )}
      {ofSection.length > 0 && (
        <Alert color="orange" title="What the org does not have">
          <List size="sm">
            {ofSection.map(({ message }) => (
              <List.Item key={message}>{message}</List.Item>
            ))}
          </List>
        </Alert>
      )}
    </>
  )
}
