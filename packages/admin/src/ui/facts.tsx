import type { ReactNode } from 'react'
import classes from './facts.module.css'

interface FactsProps {
  children: ReactNode
}

/** What is known of a thing: a list of `Fact`. */
export function Facts({ children }: FactsProps) {
  return <dl className={classes['facts']}>{children}</dl>
}

interface FactProps {
  label: string
  /** Without a value the fact is left out. */
  children: ReactNode
}

/** A name and its value. */
export function Fact({ label, children }: FactProps) {
  if (children === null || children === undefined || children === false || children === '') return null
  return (
    <div className={classes['fact']}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}
