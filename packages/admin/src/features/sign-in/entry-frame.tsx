import { Center, Paper, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { PageTitle } from '../../ui/page-title.tsx'

interface EntryFrameProps {
  title: string
  about?: string
  children: ReactNode
}

/** What the pages of somebody who is not signed in stand in. */
export function EntryFrame({ title, about, children }: EntryFrameProps) {
  return (
    <Center mih="100vh" p="md" component="main">
      <Paper withBorder shadow="sm" p="xl" w="100%" maw={440}>
        <Stack>
          <PageTitle title={title} {...(about && { about })} />
          {children}
        </Stack>
      </Paper>
    </Center>
  )
}
