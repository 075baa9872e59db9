import { Anchor, type AnchorProps, Button, type ButtonProps, Menu, type MenuItemProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import { forwardRef, type MouseEventHandler, type ReactNode } from 'react'

interface AnchorLinkProps extends Omit<AnchorProps, 'href'> {
  id?: string
  children?: ReactNode
  onClick?: MouseEventHandler<HTMLAnchorElement>
}

/** A link in a text to a page of this app, whose address the compiler checks. */
export const AnchorLink = createLink(
  forwardRef<HTMLAnchorElement, AnchorLinkProps>(function AnchorLink(props, ref) {
    return <Anchor ref={ref} {...props} />
  }),
)

interface ButtonLinkProps extends Omit<ButtonProps, 'href'> {
  id?: string
  children?: ReactNode
}

/** A link to a page of this app that looks like a button. */
export const ButtonLink = createLink(
  forwardRef<HTMLAnchorElement, ButtonLinkProps>(function ButtonLink(props, ref) {
    return <Button component="a" ref={ref} {...props} />
  }),
)

interface MenuLinkProps extends MenuItemProps {
  children?: ReactNode
}

/** An entry of a menu that leads to a page of this app. */
export const MenuLink = createLink(
  forwardRef<HTMLAnchorElement, MenuLinkProps>(function MenuLink(props, ref) {
    return <Menu.Item component="a" ref={ref} {...props} />
  }),
)
