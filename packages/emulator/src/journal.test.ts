import fs, { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { openJournal } from './journal.ts'
import { type Change, createStore } from './store.ts'

// A disk that is full when a test says so; everything else is the real file system.
const realWriteSync = fs.writeSync
const write = vi.spyOn(fs, 'writeSync')
syncBuiltinESMExports()

const directory = mkdtempSync(join(tmpdir(), 'emulator-journal-'))
afterAll(() => {
  write.mockRestore()
  syncBuiltinESMExports()
  rmSync(directory, { recursive: true })
})

let files = 0
const newFile = () => join(directory, `${++files}.ndjson`)
const put = (id: string): Change => ['put', 'people', id, { id, name: 'Ünï' }]
const idsIn = (file: string) => [
  ...createStore(() => {}, openJournal(file))
    .table('people')
    .keys(),
]

/** The next write takes so many bytes and no more. */
function takeNoMoreThan(bytes: number): void {
  write.mockImplementationOnce((descriptor: number, text: NodeJS.ArrayBufferView | string) => {
    if (typeof text === 'string') throw new Error('A text cannot be cut at a byte.')
    return realWriteSync(descriptor, text, 0, bytes)
  })
}

/** The next write stops after so many bytes, and the one after it finds no room at all. */
function fillDisk(bytes: number): void {
  takeNoMoreThan(bytes)
  write.mockImplementationOnce(() => {
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  })
}

describe('a full disk', () => {
  test('fails the change that did not fit, whose torn line takes no other with it', () => {
    const file = newFile()
    const journal = openJournal(file)
    journal.append([put('1')])
    const whole = Buffer.byteLength(JSON.stringify([put('lost')]))
    for (const bytes of [1, 25, whole]) {
      fillDisk(bytes)
      expect(() => journal.append([put('lost')])).toThrow('ENOSPC')
      journal.append([put(`after-${bytes}`)])
    }
    journal.close()
    expect(readFileSync(file, 'utf8').split('\n').length).toBeGreaterThan(7)
    expect(idsIn(file)).toEqual(['1', 'after-1', 'after-25', `after-${whole}`])
    expect(idsIn(file)).toEqual(['1', 'after-1', 'after-25', `after-${whole}`])
  })

  test('leaves a store as it was, as the next start will find it', () => {
    const file = newFile()
    const store = createStore(() => {}, openJournal(file))
    store.put('people', '1', { id: '1' })
    fillDisk(5)
    expect(() => store.put('people', '2', { id: '2' })).toThrow('ENOSPC')
    expect([...store.table('people').keys()]).toEqual(['1'])
    store.put('people', '3', { id: '3' })
    expect(idsIn(file)).toEqual(['1', '3'])
  })

  test('a write that went through in two steps is whole', () => {
    const file = newFile()
    const journal = openJournal(file)
    takeNoMoreThan(30)
    journal.append([put('1')])
    expect(idsIn(file)).toEqual(['1'])
  })
})
