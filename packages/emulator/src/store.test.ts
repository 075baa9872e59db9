import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { openJournal } from './journal.ts'
import { createStore, type Row, type Store } from './store.ts'

const directory = mkdtempSync(join(tmpdir(), 'emulator-store-'))
afterAll(() => rmSync(directory, { recursive: true }))

let files = 0
const newFile = () => join(directory, `${++files}.ndjson`)

const seed = (store: Pick<Store, 'put'>) => {
  store.put('people', '1', { id: '1', name: 'Ada' })
  store.put('people', '2', { id: '2', name: 'Grace' })
}
const open = (file: string) => createStore(seed, openJournal(file))
const contentOf = (store: Store) => [...store.table('people').values()]

describe('transactions', () => {
  test('undo everything when the work throws, counters and indexes too', () => {
    const store = createStore(seed)
    store.matching('people', 'name', 'ada')
    expect(() =>
      store.transaction(() => {
        store.put('people', '1', { id: '1', name: 'Changed' })
        store.remove('people', '2')
        store.nextNumber('n')
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(
      contentOf(store)
        .map((row) => row['name'])
        .sort(),
    ).toEqual(['Ada', 'Grace'])
    expect([...store.matching('people', 'name', 'ADA')]).toHaveLength(1)
    expect(store.matching('people', 'name', 'changed').size).toBe(0)
    expect(store.nextNumber('n')).toBe(1)
  })

  test('inside another undo their own part only', () => {
    const store = createStore(seed)
    store.transaction(() => {
      store.put('people', '3', { id: '3', name: 'Kept' })
      expect(() =>
        store.transaction(() => {
          store.put('people', '4', { id: '4', name: 'Undone' })
          throw new Error('inner')
        }),
      ).toThrow('inner')
    })
    expect([...store.table('people').keys()]).toEqual(['1', '2', '3'])
  })
})

test('an index agrees with looking at every row, whatever was put, removed and undone', () => {
  const name = fc.constantFrom('a', 'A', 'b', 'ß', null)
  const step = fc.record({ id: fc.constantFrom('1', '2', '3'), name, remove: fc.boolean(), undo: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const store = createStore(seed)
      store.matching('people', 'name', 'a')
      for (const { id, name: given, remove, undo } of steps) {
        try {
          store.transaction(() => {
            if (remove) store.remove('people', id)
            else store.put('people', id, { id, name: given })
            if (undo) throw new Error('undo')
          })
        } catch {
          // Undone: the index must follow.
        }
      }
      for (const text of ['a', 'b', 'ß', 'ada']) {
        const expected = contentOf(store).filter((row) => String(row['name']).toLowerCase() === text)
        expect(new Set(store.matching('people', 'name', text))).toEqual(new Set<Row>(expected))
      }
    }),
  )
})

describe('the journal', () => {
  test('brings every change back, and what was undone not', () => {
    const file = newFile()
    const store = open(file)
    store.put('people', '3', { id: '3', name: 'O\u2028"\\\n' })
    store.remove('people', '1')
    store.nextNumber('n')
    const fail = () =>
      store.transaction(() => {
        store.put('people', '9', { id: '9' })
        throw new Error('no')
      })
    expect(fail).toThrow('no')
    store.transaction(() => {
      expect(fail).toThrow('no')
      store.nextNumber('n')
    })
    const again = open(file)
    expect(contentOf(again)).toEqual([
      { id: '2', name: 'Grace' },
      { id: '3', name: 'O\u2028"\\\n' },
    ])
    expect(again.nextNumber('n')).toBe(3)
  })

  test('drops a line that was half written, whole transactions at a time, and goes on after it', () => {
    const file = newFile()
    const store = open(file)
    store.transaction(() => {
      store.put('people', '3', { id: '3', name: 'Ünï' })
      store.put('people', '4', { id: '4' })
    })
    appendFileSync(file, '[["put","people","5",{"id":"5"}],["put","peop')
    const again = open(file)
    expect([...again.table('people').keys()]).toEqual(['1', '2', '3', '4'])
    again.put('people', '6', { id: '6' })
    expect([...open(file).table('people').keys()]).toEqual(['1', '2', '3', '4', '6'])
  })

  test('is rewritten when it has grown large, and says the same', () => {
    const file = newFile()
    const store = open(file)
    const text = 'x'.repeat(50_000)
    for (let n = 0; n < 100; n += 1) store.put('people', '3', { id: '3', text, n })
    store.remove('people', '1')
    const before = contentOf(store)
    const large = statSync(file).size
    const again = open(file)
    expect(statSync(file).size).toBeLessThan(large / 20)
    expect(contentOf(again)).toEqual(before)
    expect(contentOf(open(file))).toEqual(before)
  })

  test('is empty after a reset', () => {
    const file = newFile()
    const store = open(file)
    store.put('people', '3', { id: '3' })
    store.reset()
    expect(contentOf(store)).toHaveLength(2)
    expect(readFileSync(file, 'utf8')).toBe('')
    store.put('people', '4', { id: '4' })
    expect([...open(file).table('people').keys()]).toEqual(['1', '2', '4'])
  })
})
