import { Badge, VisuallyHidden } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import type { SettingsSection } from '../../graphql/generated/graphql.ts'
import { sections, useSection } from './sections.ts'
import classes from './settings-layout.module.css'

interface SectionNavProps {
  integrationId: string
  problems: readonly { section?: SettingsSection | null }[]
}

/** The pages of the settings, each with the number of its problems; a row that scrolls where there is little room. */
export function SectionNav({ integrationId, problems }: SectionNavProps) {
  const nav = useRef<HTMLElement>(null)
  const open = useSection(integrationId)

  useEffect(() => {
    const link = nav.current?.querySelector<HTMLElement>(`[data-section="${open.label}"]`)
    if (nav.current && link) nav.current.scrollLeft = link.offsetLeft - nav.current.offsetLeft - 16
  }, [open.label])

  return (
    <nav ref={nav} aria-label="Sections" className={classes['sections']}>
      {sections.map(({ to, label, section }) => {
        const count = problems.filter((problem) => problem.section != null && problem.section === section).length
        return (
          <Link key={label} to={to} params={{ integrationId }} className={classes['section']} data-section={label}>
            {label}
            {count > 0 && (
              <Badge size="sm" color="orange" circle={count < 10}>
                {count}
                <VisuallyHidden>{count === 1 ? ' problem' : ' problems'}</VisuallyHidden>
              </Badge>
            )}
          </Link>
        )
      })}
    </nav>
  )
}
