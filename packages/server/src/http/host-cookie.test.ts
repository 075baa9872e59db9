import { expect, test } from 'vitest'
import { hostCookie } from './host-cookie.ts'

test('behind https a cookie of ours is kept to this host by its name; a like-named one is not read', () => {
  const { read, write } = hostCookie('connect', 'https://gateway.example')
  const written = write('a-value', 900)
  expect(written).toBe('__Host-backchannel.connect=a-value; Max-Age=900; Path=/; HttpOnly; SameSite=Lax; Secure')
  expect(read(`theme=dark; ${written.split('; ')[0]}; more=1`)).toBe('a-value')
  expect(read('backchannel.connect=a-value')).toBeNull()
})

test('what we never wrote is none', () => {
  const { read } = hostCookie('connect', 'http://127.0.0.1:4000')
  for (const cookies of [
    null,
    '',
    'backchannel.connect=',
    'backchannel.connect="x"',
    'xbackchannel.connect=a',
    'other=1',
  ]) {
    expect(read(cookies)).toBeNull()
  }
})
