import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The keys of a development machine, as `BACKCHANNEL_KEYS` would name them: drawn once, and kept in a folder. Of several
 * processes that draw at once, one is heard by all.
 */
export function keptKeys(directory: string): string {
  const path = join(directory, 'keys')
  if (!existsSync(path)) {
    mkdirSync(directory, { recursive: true })
    const drawn = `${path}.${process.pid}`
    writeFileSync(drawn, `dev:${randomBytes(32).toString('base64')}\n`, { mode: 0o600 })
    try {
      // Unlike a rename, a link never takes the place of what is there.
      linkSync(drawn, path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    } finally {
      unlinkSync(drawn)
    }
  }
  return readFileSync(path, 'utf8').trim()
}
