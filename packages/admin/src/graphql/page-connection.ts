import { createConnection } from './connection.ts'

/** Of this page. */
export const connection = createConnection(navigator.onLine)
window.addEventListener('online', () => connection.setOnline(true))
window.addEventListener('offline', () => connection.setOnline(false))
