import { Alert, Button, Stack } from '@mantine/core'

interface LoadProblemProps {
  /** What is missing, as the beginning of a sentence: "The pushes". */
  what: string
  reason: string
  /** Left out where asking again is of no use. */
  onRetry?: (() => void) | undefined
  retrying?: boolean
}

/** Stands where something would be shown that could not be read: why, and a way to try again. */
export function LoadProblem({ what, reason, onRetry, retrying = false }: LoadProblemProps) {
  return (
    <Alert color="red" title={`${what} could not be read`} role="alert">
      <Stack align="start" gap="xs">
        {reason}
        {onRetry && (
          <Button variant="default" size="xs" loading={retrying} onClick={onRetry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  )
}
