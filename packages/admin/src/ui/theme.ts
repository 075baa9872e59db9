import { Badge, createTheme, Modal } from '@mantine/core'

/** What components do unless told otherwise; colours are in `theme.css`. */
export const theme = createTheme({
  primaryColor: 'indigo',
  components: {
    // Status words stand as they are written, not in capitals.
    Badge: Badge.extend({ defaultProps: { tt: 'none', variant: 'light' } }),
    // Hiding the page's scrollbar would write a style element, which the server's headers forbid.
    Modal: Modal.extend({
      defaultProps: { removeScrollProps: { removeScrollBar: false }, closeButtonProps: { 'aria-label': 'Close' } },
      styles: { title: { fontWeight: 600 } },
    }),
  },
})
