import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromNoteText, toNoteText } from './note-text.ts'

describe('the text of notes', () => {
  it('comes back as it was written, whatever a visitor typed', () => {
    const visitor = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc
        .array(fc.constantFrom('<b>', '</p>', '<br>', '&lt;', '&', ';', '&#39;', '&amp;amp;', '\n', ' ', 'a<b', '😀'))
        .map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(visitor, (text) => {
        expect(fromNoteText(toNoteText(text))).toBe(text)
      }),
    )
  })

  it('never becomes markup', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        expect(toNoteText(text)).not.toContain('<')
      }),
    )
  })

  it('loses the HTML that the CRM made of it', () => {
    expect(fromNoteText('<div class="ck-content"><p>Ann: 3 &lt; 4 &amp; 5</p><p>Bob:&nbsp;yes<br />no</p></div>')).toBe(
      'Ann: 3 < 4 & 5\nBob: yes\nno',
    )
    expect(fromNoteText('<p>a</p>\n  <style>p{}</style>')).toBe('a')
  })

  it('leaves what is no entity alone', () => {
    expect(fromNoteText('a &unknown; b &#0; &#99999999; &copy')).toBe('a &unknown; b &#0; &#99999999; &copy')
  })
})
