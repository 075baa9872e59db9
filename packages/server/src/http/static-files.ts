import { readFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { extname, join, normalize, sep } from 'node:path'
import type { Exchange } from './exchange.ts'

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}

/** Names with a hash in them never change their content (Vite's `assets` folder). */
const IMMUTABLE = /^assets\//

export interface StaticApp {
  directory: string
  /** The path below which it is served, such as `/admin`. */
  mount: string
  /** The Content-Security-Policy of its pages. */
  policy: string
}

/**
 * Serves a single-page app: its files, and its `index.html` for every other address below it, since those are pages that
 * the app itself draws. Where the build has left a gzipped twin (`app.js.gz`), browsers that take it get that.
 *
 * @returns false where the app has not been built
 */
export async function serveApp({ request, response, path }: Exchange, app: StaticApp): Promise<boolean> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD')
    response.writeHead(405).end()
    return true
  }
  const name = fileName(path.slice(app.mount.length))
  const file = (name && (await read(app.directory, name))) || (await pageFor(app.directory, name))
  if (!file) {
    const built = await read(app.directory, 'index.html')
    if (built) response.writeHead(404).end()
    return built !== null
  }
  const gzipped = takesGzip(request) ? await read(app.directory, `${file.name}.gz`) : null
  const { content } = gzipped ?? file
  response.setHeader('content-security-policy', app.policy)
  if (gzipped) response.setHeader('content-encoding', 'gzip')
  response.writeHead(200, {
    'content-type': TYPES[extname(file.name)] ?? 'application/octet-stream',
    'content-length': content.length,
    'cache-control': IMMUTABLE.test(file.name) ? 'public, max-age=31536000, immutable' : 'no-cache',
    vary: 'accept-encoding',
  })
  response.end(request.method === 'HEAD' ? undefined : content)
  return true
}

/** A browser lists it plainly; whoever weighs encodings gets the file as it is. */
function takesGzip({ headers }: IncomingMessage): boolean {
  return /(^|,)\s*gzip\s*(,|$)/.test(String(headers['accept-encoding'] ?? ''))
}

interface File {
  name: string
  content: Buffer
}

/** Below the app's folder, or nothing: a path that climbs out names no file. */
function fileName(path: string): string | null {
  let name: string
  try {
    name = normalize(decodeURIComponent(path)).replace(/^[/\\]+/, '')
  } catch {
    return null
  }
  return name === '' || name === '.' || name.includes('\0') || name.split(sep).includes('..') ? null : name
}

async function pageFor(directory: string, name: string | null): Promise<File | null> {
  // A missing picture is missing; a page of the app has no extension.
  return name !== null && extname(name) !== '' ? null : read(directory, 'index.html')
}

async function read(directory: string, name: string): Promise<File | null> {
  try {
    return { name, content: await readFile(join(directory, name)) }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return null
    throw error
  }
}
