import { Burger, Button, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Link, type LinkProps, Outlet, useLocation } from '@tanstack/react-router'
import { type ComponentType, Fragment, type KeyboardEvent, type ReactNode, useRef, useState } from 'react'
import classes from './app-frame.module.css'
import { useViewer } from './viewer.ts'

interface Place {
  to: NonNullable<LinkProps['to']>
  label: string
  icon: ComponentType<{ size: number; 'aria-hidden': true }>
  /** Said before it. */
  group?: string
  /** Pages below this path belong to it too. */
  within?: string
  /** Nobody else finds anything there. */
  onlyOwners?: boolean
}

interface AppFrameProps {
  places: readonly Place[]
  onSignOut: () => Promise<void>
  /** Stands above every page: what concerns the whole app. */
  news?: ReactNode
}

/** What every page stands in: where one is, who one is, and the way out. */
export function AppFrame({ places, onSignOut, news }: AppFrameProps) {
  const { userName, workspaceName, role } = useViewer()
  const open = places.filter(({ onlyOwners }) => !onlyOwners || role === 'OWNER')
  const [leaving, setLeaving] = useState(false)
  const { pathname } = useLocation()
  const [opened, { toggle, close }] = useDisclosure(false)
  const menu = useRef<HTMLButtonElement>(null)

  async function leave() {
    setLeaving(true)
    await onSignOut()
    setLeaving(false)
  }
  function closeOnEscape(event: KeyboardEvent) {
    if (event.key !== 'Escape' || !opened) return
    close()
    menu.current?.focus()
  }

  return (
    <div className={classes['frame']}>
      <a href="#content" className={classes['skip']}>
        Skip to content
      </a>
      <header className={classes['header']}>
        <Burger
          ref={menu}
          className={classes['burger']}
          size="sm"
          opened={opened}
          onClick={toggle}
          onKeyDown={closeOnEscape}
          aria-label="Menu"
          aria-expanded={opened}
          aria-controls="places"
        />
        <Text fw={700} size="lg">
          Backchannel
        </Text>
        <div className={classes['viewer']}>
          <Text size="sm" c="dimmed" className={classes['name']}>
            {[userName, workspaceName].filter(Boolean).join(' · ')}
          </Text>
          <Button variant="default" size="xs" loading={leaving} onClick={() => void leave()}>
            Sign out
          </Button>
        </div>
      </header>
      <nav
        id="places"
        aria-label="Main"
        className={classes['places']}
        data-opened={opened || undefined}
        onKeyDown={closeOnEscape}
      >
        {open.map(({ to, label, icon: Icon, group, within }) => (
          <Fragment key={label}>
            {group && (
              <Text size="xs" c="dimmed" className={classes['group']}>
                {group}
              </Text>
            )}
            <Link
              to={to}
              className={classes['place']}
              aria-current={within !== undefined && pathname.startsWith(`${within}/`)}
              onClick={close}
            >
              <Icon size={18} aria-hidden />
              {label}
            </Link>
          </Fragment>
        ))}
      </nav>
      <main id="content" tabIndex={-1} className={classes['page']}>
        {news}
        <Outlet />
      </main>
    </div>
  )
}
