import { Group, Text } from '@mantine/core'
import { settingsSections } from '../../graphql/settings-sections.ts'
import { AnchorLink } from '../../ui/link.tsx'

/** The way to every section of an org's settings. */
export function SettingsLinks({ integrationId, name }: { integrationId: string; name: string }) {
  return (
    <nav aria-label={`Settings of ${name}`}>
      <Text size="sm" c="dimmed">
        Settings
      </Text>
      <Group gap="0.3rem 1rem">
        {Object.values(settingsSections).map(({ to, label }) => (
          <AnchorLink key={to} to={to} params={{ integrationId }} size="sm" lh="1.5rem">
            {label}
          </AnchorLink>
        ))}
      </Group>
    </nav>
  )
}
