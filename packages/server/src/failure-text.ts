import { databaseSentence } from './database/unusable.ts'
import { OperatorError } from './shared/operator-error.ts'

/** What a process says to whoever started it and why it ends: what to do or, where that is nothing of theirs, the whole of it. */
export function failureText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof OperatorError) return error.message
  return listenSentence(error) ?? databaseSentence(error) ?? error.stack ?? error.message
}

/** Why a port cannot be listened on; null where the error is about something else. */
function listenSentence(error: Error & { code?: string; syscall?: string; address?: string; port?: number }) {
  const { code, syscall, address, port } = error
  if (syscall !== 'listen') return null
  if (code === 'EADDRINUSE') return `Port ${port} is in use. Stop what listens there, or set ${PORTS} to another one.`
  if (code === 'EACCES') return `Port ${port} may not be opened by this user. Set ${PORTS} to one from 1024.`
  if (code !== 'EADDRNOTAVAIL') return null
  return `${address} is no address of this machine. Set HOST, or METRICS_HOST, to one that is, or to 0.0.0.0 for all.`
}

const PORTS = 'the variable that names it (PORT, METRICS_PORT or WORKER_METRICS_PORT)'
