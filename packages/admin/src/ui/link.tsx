import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import { forwardRef, type ReactNode } from 'react'

interface AnchorLinkProps extends Omit<AnchorProps, 'href'> {
  id?: string
  children?: ReactNode
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
