import { createTheme, MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { RouterProvider } from 'react-router'
import { Provider as GraphqlProvider } from 'urql'
import { graphqlClient } from './graphql/client.ts'
import { router } from './routes.tsx'

const theme = createTheme({ primaryColor: 'indigo', defaultRadius: 'md', cursorType: 'pointer' })

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <Notifications position="top-right" />
      <GraphqlProvider value={graphqlClient}>
        <RouterProvider router={router} />
      </GraphqlProvider>
    </MantineProvider>
  )
}
