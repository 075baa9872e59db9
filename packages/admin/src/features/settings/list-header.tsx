import { Group } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { ButtonLink } from '../../ui/link.tsx'
import { PageTitle } from '../../ui/page-title.tsx'

interface ListHeaderProps {
  title: string
  about: string
  /** What its rows are called: "export field". */
  noun: string
  path:
    | '/settings/$integrationId/export-fields'
    | '/settings/$integrationId/search-fields'
    | '/settings/$integrationId/detail-fields'
    | '/settings/$integrationId/backend-fields'
  integrationId: string
}

/** What stands above a list of fields: what it is for, and the way to a new one. */
export function ListHeader({ title, about, noun, path, integrationId }: ListHeaderProps) {
  return (
    <Group justify="space-between" align="start">
      <PageTitle title={title} about={about} />
      <ButtonLink
        id="add"
        to={`${path}/new`}
        params={{ integrationId }}
        leftSection={<IconPlus size={16} aria-hidden />}
      >
        Add {noun}
      </ButtonLink>
    </Group>
  )
}
