import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { RouterProvider } from '@tanstack/react-router'
import { Provider as GraphqlProvider } from 'urql'
import { createGraphqlClient } from './graphql/client.ts'
import { goToSignIn, router } from './routes/routes.ts'
import { theme } from './ui/theme.ts'

const graphqlClient = createGraphqlClient(goToSignIn)

/** The server allows no style that a script writes, so whatever Mantine would write is in `ui/theme.css`. */
export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <Notifications position="top-right" />
      <GraphqlProvider value={graphqlClient}>
        <RouterProvider router={router} />
      </GraphqlProvider>
    </MantineProvider>
  )
}
