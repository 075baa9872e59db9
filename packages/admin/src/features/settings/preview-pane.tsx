import { Button } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconEye, IconX } from '@tabler/icons-react'
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import classes from './settings-layout.module.css'

/** The preview: beside the page where there is room, else behind a button. Once shown it stays as it is while hidden. */
export function PreviewPane({ children }: { children: ReactNode }) {
  const hasRoom = useMediaQuery('(min-width: 80em)', true, { getInitialValueInEffect: false })
  const [opened, setOpened] = useState(false)
  const [shown, setShown] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const closer = useRef<HTMLButtonElement>(null)

  useEffect(() => {
    if (opened) closer.current?.focus()
  }, [opened])

  function close() {
    setOpened(false)
    opener.current?.focus()
  }
  function closeOnEscape(event: KeyboardEvent) {
    // What lies within, such as an open list, takes the key first.
    if (event.key === 'Escape' && !event.defaultPrevented && opened) close()
  }

  return (
    <>
      <Button
        ref={opener}
        className={classes['opener']}
        variant="default"
        size="sm"
        leftSection={<IconEye size={16} aria-hidden />}
        aria-expanded={opened}
        onClick={() => {
          setOpened(true)
          setShown(true)
        }}
      >
        Show preview
      </Button>
      <aside
        aria-label="Preview"
        className={classes['preview']}
        data-opened={opened || undefined}
        onKeyDown={closeOnEscape}
      >
        <Button
          ref={closer}
          className={classes['closer']}
          variant="default"
          size="sm"
          leftSection={<IconX size={16} aria-hidden />}
          onClick={close}
        >
          Hide preview
        </Button>
        {(hasRoom || shown) && children}
      </aside>
    </>
  )
}
