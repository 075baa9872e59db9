import { Badge, Button, Group, Menu, Text } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useQuery } from 'urql'
import { type FragmentType, graphql, readFragment } from '../../graphql/generated/index.ts'
import { AnchorLink, MenuLink } from '../../ui/link.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { useSection } from './sections.ts'
import classes from './settings-layout.module.css'

export const SettingsHeader_Integration = graphql(`
  fragment SettingsHeader_Integration on Integration {
    id
    name
    provider
    status
    emulated
  }
`)

const SettingsHeader_Integrations = graphql(`
  query SettingsHeader_Integrations {
    integrations { id name provider }
  }
`)

const crmNames = { DYNAMICS: 'Microsoft Dynamics 365', SALESFORCE: 'Salesforce' } as const

/** Whose settings these are, whether it works, and the way to another org's. */
export function SettingsHeader({ integration }: { integration: FragmentType<typeof SettingsHeader_Integration> }) {
  const { id, name, provider, status, emulated } = readFragment(SettingsHeader_Integration, integration)
  const [{ data }] = useQuery({ query: SettingsHeader_Integrations })
  const section = useSection(id)
  const others = data?.integrations.filter((it) => it.id !== id) ?? []

  return (
    <header className={classes['header']}>
      <AnchorLink to="/integrations/{-$crm}" size="sm">
        Integrations
      </AnchorLink>
      <Text aria-hidden c="dimmed">
        /
      </Text>
      {others.length === 0 ? (
        <Text fw={600}>{name}</Text>
      ) : (
        <Menu position="bottom-start">
          <Menu.Target>
            <Button
              variant="subtle"
              size="compact-md"
              rightSection={<IconChevronDown size={16} aria-hidden />}
              aria-label={`${name}: go to the settings of another org`}
            >
              {name}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {others.map((it) => (
              <MenuLink key={it.id} to={section.to} params={{ integrationId: it.id }}>
                {it.name}
                <Text size="xs" c="dimmed">
                  {crmNames[it.provider]}
                </Text>
              </MenuLink>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      <Group gap="xs">
        <Text size="sm" c="dimmed">
          {crmNames[provider]}
        </Text>
        {emulated && <Badge>Emulated</Badge>}
        <StatusBadge status={status} />
      </Group>
    </header>
  )
}
