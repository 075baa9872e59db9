import type { ReactNode } from 'react'
import classes from './filter-bar.module.css'

/** What narrows the list below it. */
export function FilterBar({ children }: { children: ReactNode }) {
  return (
    <search aria-label="Filter" className={classes['filters']}>
      {children}
    </search>
  )
}
