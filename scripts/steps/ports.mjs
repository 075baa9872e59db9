import { createServer } from 'node:net'
import { Problem } from './problem.mjs'

/**
 * @param {number} port
 * @param {string} host
 * @returns {Promise<string | undefined>} the code of what is in the way, such as EADDRINUSE
 */
function obstacle(port, host) {
  return new Promise((resolve) => {
    const server = createServer()
    server.on('error', (error) => resolve('code' in error ? String(error.code) : error.message))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)))
  })
}

/**
 * Fails with what to do when one of the ports cannot be listened on.
 *
 * @param {{ port: number, host: string, variable: string, use: string }[]} wanted
 */
export async function checkPorts(wanted) {
  for (const { port, host, variable, use } of wanted) {
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      throw new Problem(`${variable} must be a port number between 1 and 65535.`)
    }
    const code = await obstacle(port, host)
    if (code === undefined) continue
    if (code === 'EADDRINUSE') {
      throw new Problem(
        `Port ${port}, which ${use} would listen on, is taken: by another Backchannel or another program.\n` +
          `End that one, or choose another port: ${variable}=${port + 10} npm start`,
      )
    }
    throw new Problem(`Port ${port} at ${host} cannot be listened on (${code}). Change ${variable} or HOST.`)
  }
}
