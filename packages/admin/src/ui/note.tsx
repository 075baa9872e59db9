import { Text } from '@mantine/core'
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from './note.module.css'

interface NoteProps {
  /** WARNING: it will not do what one may expect. */
  kind?: 'ADVICE' | 'WARNING'
  children: ReactNode
}

/** A few words beside an input that say what follows from it; a screen reader hears them when they come up. */
export function Note({ kind = 'ADVICE', children }: NoteProps) {
  const Icon = kind === 'WARNING' ? IconAlertTriangle : IconInfoCircle
  return (
    <div role="status" className={classes['note']} data-kind={kind}>
      <Icon size={18} aria-hidden className={classes['icon']} />
      <Text component="div" size="sm" className={classes['words']}>
        {children}
      </Text>
    </div>
  )
}
