import { Anchor, Badge, createTheme, Modal, Notification, PasswordInput } from '@mantine/core'

/** What components do unless told otherwise; colours are in `theme.css`. */
export const theme = createTheme({
  primaryColor: 'indigo',
  respectReducedMotion: true,
  components: {
    // A link in a text is told by more than its colour.
    Anchor: Anchor.extend({ defaultProps: { underline: 'always' } }),
    // Status words stand as they are written, not in capitals.
    Badge: Badge.extend({ defaultProps: { tt: 'none', variant: 'light' } }),
    // Hiding the page's scrollbar would write a style element, which the server's headers forbid.
    Modal: Modal.extend({
      defaultProps: {
        removeScrollProps: { removeScrollBar: false },
        closeButtonProps: { 'aria-label': 'Close' },
        // Its header is not the page's.
        attributes: { header: { role: 'presentation' } },
      },
      styles: { title: { fontWeight: 600 } },
    }),
    // What was typed can be looked at without a mouse too.
    PasswordInput: PasswordInput.extend({
      defaultProps: { visibilityToggleButtonProps: { 'aria-label': 'Show what is entered', tabIndex: 0 } },
    }),
    Notification: Notification.extend({
      defaultProps: { closeButtonProps: { 'aria-label': 'Close' } },
      styles: { description: { color: 'var(--mantine-color-text)' } },
    }),
  },
})
