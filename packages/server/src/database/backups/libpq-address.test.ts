import { expect, test } from 'vitest'
import { libpqAddress } from './libpq-address.ts'

const ALL = 'options=-c%20backchannel.workspace%3D*'

test.each([
  ['schema=public&connection_limit=5&pool_timeout=3', ALL],
  ['sslmode=no-verify', `sslmode=require&${ALL}`],
  ['uselibpqcompat=true&sslmode=require', `sslmode=require&${ALL}`],
  ['host=%2Frun%2Fpg&sslrootcert=%2Fetc%2Fca.pem', `host=%2Frun%2Fpg&sslrootcert=%2Fetc%2Fca.pem&${ALL}`],
  ['options=-c%20work_mem%3D8MB', 'options=-c%20work_mem%3D8MB%20-c%20backchannel.workspace%3D*'],
])('of "?%s" PostgreSQL’s programs are told what they know', (given, told) => {
  const { address } = libpqAddress(`postgresql://owner@db:5432/kept?${given}`, '')
  expect(address).toBe(`postgresql://owner@db:5432/kept?${told}`)
})

test('a password is told apart from the address, which everybody on the machine can read', () => {
  const kept = `postgresql://owner@db/kept?${ALL}`
  expect(libpqAddress('postgresql://owner:p%40ss@db/kept', '')).toEqual({ address: kept, password: 'p@ss' })
  expect(libpqAddress('postgresql://owner@db/kept?password=p%40ss', '')).toEqual({ address: kept, password: 'p@ss' })
})
