import { Center, Loader } from '@mantine/core'

/** Something is on its way; a screen reader hears it too. */
export function Waiting() {
  return (
    <Center p="xl" role="status" aria-label="Loading">
      <Loader aria-hidden />
    </Center>
  )
}
