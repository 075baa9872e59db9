import { notifications } from '@mantine/notifications'

/** Something went well: a line that goes by itself. */
export function tellDone(message: string): void {
  notifications.show({ color: 'green', message })
}

/** Somebody else did something that concerns what is shown. */
export function tellNews(title: string, message: string): void {
  notifications.show({ color: 'blue', title, message, autoClose: 12_000 })
}

/** A CRM does not work as it should; its card says what to do. */
export function tellAttention(name: string): void {
  notifications.show({ color: 'orange', message: `${name} needs attention.` })
}

/** Something did not: it stays until it is read. */
export function tellProblem(message: string): void {
  notifications.show({ color: 'red', title: 'That did not work', message, autoClose: false })
}

/** It was saved and still asks for a look: each stays until it is read. */
export function tellWarnings(warnings: readonly string[]): void {
  for (const message of warnings) {
    notifications.show({ color: 'orange', title: 'Saved, but', message, autoClose: false })
  }
}
