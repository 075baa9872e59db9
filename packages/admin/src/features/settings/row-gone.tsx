import { Stack, Text } from '@mantine/core'
import type { SettingsSection } from '../../graphql/generated/graphql.ts'
import { settingsSections } from '../../graphql/settings-sections.ts'
import { AnchorLink } from '../../ui/link.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { useSettings } from './settings-context.ts'

/** In place of the form of a row that is not there, or was taken away while the form was open. */
export function RowGone({ section }: { section: Exclude<SettingsSection, 'CONNECTION'> }) {
  const { integration } = useSettings()
  const { to, label } = settingsSections[section]
  return (
    <Stack>
      <PageTitle title="This is not there any more" />
      <Text>
        Somebody has removed it, or the address is an old one. The history knows who. Go on with{' '}
        <AnchorLink to={to} params={{ integrationId: integration.id }}>
          {label}
        </AnchorLink>
        .
      </Text>
    </Stack>
  )
}
