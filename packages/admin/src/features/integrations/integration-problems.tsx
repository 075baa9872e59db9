import { Alert, List } from '@mantine/core'
import { type FragmentType, graphql, readFragment } from '../../graphql/generated/index.ts'
import { settingsSections } from '../../graphql/settings-sections.ts'
import { AnchorLink } from '../../ui/link.tsx'

const IntegrationProblems_Integration = graphql(`
  fragment IntegrationProblems_Integration on Integration {
    id
    status
    problems { code message section settingIds }
  }
`)

/** What needs a person, and where it is mended. */
export function IntegrationProblems({
  integration,
}: {
  integration: FragmentType<typeof IntegrationProblems_Integration>
}) {
  const { id, status, problems } = readFragment(IntegrationProblems_Integration, integration)
  if (problems.length === 0) return null
  return (
    <Alert color={status === 'CONNECTED' ? 'blue' : 'orange'} title="What to do">
      <List size="sm" spacing={4}>
        {problems.map(({ code, message, section, settingIds }) => (
          <List.Item key={`${code} ${settingIds.join()} ${message}`}>
            {message}
            {section && section !== 'CONNECTION' && (
              <>
                {' '}
                <AnchorLink to={settingsSections[section].to} params={{ integrationId: id }} size="sm">
                  Open {settingsSections[section].label}
                </AnchorLink>
              </>
            )}
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}
