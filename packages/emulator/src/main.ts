/** The emulator as a process of its own: `main.ts [--dynamics-port n] [--salesforce-port n] [--directory path] [--with-parent]`. */
import { parseArgs } from 'node:util'
import { startEmulator } from './server.ts'

const { values } = parseArgs({
  options: {
    'dynamics-port': { type: 'string', default: '4401' },
    'salesforce-port': { type: 'string', default: '4402' },
    directory: { type: 'string' },
    'with-parent': { type: 'boolean', default: false },
  },
})

try {
  const emulator = await startEmulator({
    dynamicsPort: toPort(values['dynamics-port']),
    salesforcePort: toPort(values['salesforce-port']),
    ...(values.directory !== undefined && { directory: values.directory }),
  })
  const end = () => {
    void emulator.stop().then(() => process.exit(0))
  }
  process.once('SIGTERM', end)
  process.once('SIGINT', end)
  if (values['with-parent']) {
    // A parent that dies closes our standard input, however it died.
    process.stdin.once('end', end).once('error', end).resume()
  }
  console.log(JSON.stringify({ dynamics: emulator.dynamics.url, salesforce: emulator.salesforce.url }))
} catch (error) {
  console.error(sentenceFor(error))
  process.exit(1)
}

function toPort(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`${text} is not a port. Give a number from 0 to 65535.`)
  return port
}

function sentenceFor(error: unknown): string {
  const { code, port, message } = error as { code?: string; port?: number; message?: string }
  if (code === 'EADDRINUSE') {
    return `Port ${port} is in use, so the emulated CRMs cannot start. Stop what listens there, or give another one with --dynamics-port or --salesforce-port.`
  }
  return message ?? String(error)
}
