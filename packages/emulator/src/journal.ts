import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Change } from './store.ts'

/** A file of changes, one transaction a line. */
export interface Journal {
  /** Every change on file. A line that was left half written, by a killed process or a full disk, is passed over. */
  read(): Change[]
  /**
   * Writes one transaction; when this returns, a kill of the process no longer loses it. When it throws, as it does on a
   * full disk, this transaction is lost, and no other.
   */
  append(changes: readonly Change[]): void
  /** Replaces the file in one step. */
  rewrite(changes: readonly Change[]): void
  /** Whether it has grown enough to be worth rewriting. */
  isLarge(): boolean
  close(): void
}

/** Ends a torn line, which may lack no more than its end, so that nobody takes it for whole. */
const spoiler = '!'
const largeBytes = 4 * 1024 * 1024

/** Opens the file, making it and its directory where they are missing. */
export function openJournal(file: string): Journal {
  mkdirSync(dirname(file), { recursive: true })
  let descriptor = openSync(file, 'a')
  /** The file ends within a line: what is written next must not become a part of it. */
  let torn = false

  return {
    read() {
      const lines = readFileSync(file, 'utf8').split('\n')
      torn = lines.pop() !== ''
      return lines.flatMap((line) => parseLine(line) ?? [])
    },
    append(changes) {
      const line = lineOf(changes)
      const text = torn ? `${spoiler}\n${line}` : line
      torn = true
      writeWhole(descriptor, text)
      torn = false
    },
    rewrite(changes) {
      const next = `${file}.next`
      const target = openSync(next, 'w')
      try {
        for (const change of changes) writeWhole(target, lineOf([change]))
        fsyncSync(target)
      } finally {
        closeSync(target)
      }
      renameSync(next, file)
      closeSync(descriptor)
      descriptor = openSync(file, 'a')
      torn = false
    },
    isLarge: () => statSync(file).size > largeBytes,
    close() {
      closeSync(descriptor)
    },
  }
}

const lineOf = (changes: readonly Change[]) => `${JSON.stringify(changes)}\n`

/** A nearly full disk takes a part and says so; the next write then says that it is full. */
function writeWhole(descriptor: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at)
}

/** Nothing for a torn line: a list that ends early is no JSON. */
function parseLine(line: string): Change[] | undefined {
  try {
    return JSON.parse(line) as Change[]
  } catch {
    return undefined
  }
}
