import { Button } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useEffect } from 'react'
import { tellProblem } from './tell.ts'

interface CopyButtonProps {
  /** What is copied, for a screen reader: "the key". */
  what: string
  text: string
}

/** Copies a text, and says so. */
export function CopyButton({ what, text }: CopyButtonProps) {
  const { copied, copy, error } = useClipboard({ timeout: 3_000 })

  useEffect(() => {
    if (error) tellProblem('The browser does not let this page copy. Select the text and copy it by hand.')
  }, [error])

  return (
    <Button
      variant="default"
      size="xs"
      leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
      aria-label={copied ? `Copied ${what}` : `Copy ${what}`}
      onClick={() => copy(text)}
    >
      {copied ? 'Copied' : 'Copy'}
    </Button>
  )
}
