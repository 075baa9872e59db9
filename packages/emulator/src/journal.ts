import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { Change } from './store.ts'

/** A file of changes, one transaction a line. */
export interface Journal {
  /** Every change on file. A line that a killed process left half written, and all after it, is dropped. */
  read(): Change[]
  /** Writes one transaction; when this returns, a kill of the process no longer loses it. */
  append(changes: readonly Change[]): void
  /** Replaces the file in one step. */
  rewrite(changes: readonly Change[]): void
  /** Whether it has grown enough to be worth rewriting. */
  isLarge(): boolean
  close(): void
}

const largeBytes = 4 * 1024 * 1024

/** Opens the file, making it and its directory where they are missing. */
export function openJournal(file: string): Journal {
  mkdirSync(dirname(file), { recursive: true })
  let descriptor = openSync(file, 'a')

  return {
    read() {
      const text = readFileSync(file, 'utf8')
      const changes: Change[] = []
      let start = 0
      for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
        const transaction = parseLine(text.slice(start, end))
        if (!transaction) break
        changes.push(...transaction)
        start = end + 1
      }
      if (start < text.length) truncateSync(file, Buffer.byteLength(text.slice(0, start)))
      return changes
    },
    append(changes) {
      writeSync(descriptor, `${JSON.stringify(changes)}\n`)
    },
    rewrite(changes) {
      const next = `${file}.next`
      const target = openSync(next, 'w')
      for (const change of changes) writeSync(target, `${JSON.stringify([change])}\n`)
      fsyncSync(target)
      closeSync(target)
      renameSync(next, file)
      closeSync(descriptor)
      descriptor = openSync(file, 'a')
    },
    isLarge: () => statSync(file).size > largeBytes,
    close() {
      closeSync(descriptor)
    },
  }
}

function parseLine(line: string): Change[] | undefined {
  try {
    return JSON.parse(line) as Change[]
  } catch {
    return undefined
  }
}
