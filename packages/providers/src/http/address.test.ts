import { describe, expect, test } from 'vitest'
import { createAddressGuard, isPublicAddress } from './address.ts'

describe('public addresses', () => {
  test.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.192',
    '192.0.2.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.51.100.7',
    '203.0.113.7',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    '100::1',
    'fc00::1',
    'fd12::1',
    'fe80::1',
    'fec0::1',
    'ff02::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    'localhost',
    '',
  ])('%s is none', (address) => {
    expect(isPublicAddress(address)).toBe(false)
  })

  test.each(['8.8.8.8', '172.15.0.1', '172.32.0.1', '100.63.0.1', '2603:1000::1', '2a00:1450::1'])(
    '%s is one',
    (address) => {
      expect(isPublicAddress(address)).toBe(true)
    },
  )
})

describe('the guard', () => {
  const guard = createAddressGuard(['127.0.0.1:4401', 'CRM.corp.example'])

  test.each([
    'https://org.crm.dynamics.com/api/data',
    'https://org.crm.dynamics.com:8443/',
    'http://127.0.0.1:4401/x',
    'http://crm.corp.example/',
    'https://crm.corp.example:5555/',
  ])('lets %s pass', (url) => {
    expect(guard.check(url)).toBeNull()
  })

  test.each([
    ['http://org.crm.dynamics.com/', /begin with https/],
    ['http://127.0.0.1:4402/', /begin with https/],
    ['https://127.0.0.1:4402/', /not a public address/],
    ['https://0x7f.1/', /not a public address/],
    ['https://2130706433/', /not a public address/],
    ['https://017700000001/', /not a public address/],
    ['https://[::1]/', /not a public address/],
    ['https://[::ffff:10.0.0.1]/', /not a public address/],
    ['https://[::ffff:7f00:1]/', /not a public address/],
    ['https://[0:0:0:0:0:0:0:1]/', /not a public address/],
    ['https://[::127.0.0.1]/', /not a public address/],
    ['https://[64:ff9b::a9fe:a9fe]/', /not a public address/],
    ['https://[fe80::1]/', /not a public address/],
    ['https://[fd00:ec2::254]/', /not a public address/],
    ['https://0/', /not a public address/],
    ['https://0.0.0.0/', /not a public address/],
    ['https://127.1/', /not a public address/],
    ['https://127.0.0.1./', /not a public address/],
    ['https://0177.0.0.1/', /not a public address/],
    ['https://0x7f000001/', /not a public address/],
    ['https://①②⑦.⓪.⓪.①/', /not a public address/],
    ['https://169.254.169.254/latest/meta-data/', /not a public address/],
    ['https://0xa9fea9fe/', /not a public address/],
    ['https://169.254.43518/', /not a public address/],
    ['https://127.0.0.1:443@10.0.0.1/', /user name/],
    ['https://org.crm.dynamics.com@127.0.0.1/', /user name/],
    ['https:\\\\127.0.0.1\\', /not a public address/],
    ['https://crm.corp.example.evil.example:80@127.0.0.1:4401/', /user name/],
    ['http://127.0.0.1:04402/', /begin with https/],
    ['http://crm.corp.example.:4401/', /begin with https/],
    ['https://[fe80::1%25eth0]/', /not a URL/],
    ['javascript:alert(1)', /begin with https/],
    ['data:text/html,x', /begin with https/],
    ['gopher://127.0.0.1:6379/_FLUSHALL', /begin with https/],
    ['//127.0.0.1/', /not a URL/],
    ['https://user:secret@org.crm.dynamics.com/', /user name/],
    ['ftp://org.crm.dynamics.com/', /begin with https/],
    ['file:///etc/passwd', /begin with https/],
    ['org.crm.dynamics.com', /not a URL/],
    ['', /not a URL/],
  ])('refuses %s', (url, reason) => {
    expect(guard.check(url)).toMatch(reason)
  })

  test('never repeats a password that stood in the address', () => {
    expect(guard.check('https://user:secret@org.crm.dynamics.com/')).not.toContain('secret')
  })
})
