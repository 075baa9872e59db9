import { describe, expect, it } from 'vitest'
import { readVariables } from './variables.ts'

const page = 'https://shop.example/cart?plan=Gold&Plan=other&utm=x&empty='

describe('the variables of a conversation', () => {
  it('are those of the script, then the page address, then what its query says of declared ones', () => {
    expect(readVariables([{ name: 'Location', value: 'Berlin' }], page, ['plan', 'empty', 'absent'])).toEqual([
      { name: 'Location', value: 'Berlin' },
      { name: 'Page URL', value: page },
      { name: 'plan', value: 'Gold' },
    ])
  })

  it('what the script gives wins, whatever the address says', () => {
    const given = [
      { name: 'plan', value: 'Silver' },
      { name: 'Page URL', value: 'of the script' },
    ]
    expect(readVariables(given, page, ['plan'])).toEqual(given)
  })

  it('a name of another case is another variable', () => {
    expect(readVariables([], page, ['PLAN']).map(({ name }) => name)).toEqual(['Page URL'])
    expect(readVariables([], page, ['Plan'])).toContainEqual({ name: 'Plan', value: 'other' })
  })

  it('an address that is none still is what the chat product said', () => {
    expect(readVariables([], 'app://cart?plan', ['plan'])).toEqual([{ name: 'Page URL', value: 'app://cart?plan' }])
    expect(readVariables([], '/cart?plan=Gold', ['plan'])).toEqual([{ name: 'Page URL', value: '/cart?plan=Gold' }])
    expect(readVariables([], null, ['plan'])).toEqual([])
  })
})
