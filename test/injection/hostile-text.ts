/** Texts that would change a question, or widen it, if they were not carried as what they are. */
import fc from 'fast-check'

const pieces = [
  ...["'", "''", '"', '\\', "\\'", '\\\\', '`', '’', 'ʼ', '＇', '\\u0027'],
  ...[
    '%',
    '_',
    '*',
    '?',
    '[',
    ']',
    '[^a]',
    '[a-z]',
    '％',
    '﹪',
    '(',
    ')',
    '{',
    '}',
    '~',
    '!',
    '^',
    '|',
    '&&',
    '-',
    '+',
    ':',
  ],
  ...[
    ' or ',
    ' OR ',
    ' and ',
    ' eq ',
    '1 eq 1',
    ' LIKE ',
    " or 'a' eq 'a",
    "' OR Name != '",
    "') or contains(fullname,'",
  ],
  ...[
    '--',
    '/*',
    '*/',
    ';',
    '#',
    '&',
    '=',
    '&$filter=true',
    '?$top=1',
    '/',
    '..',
    '$',
    '@odata.bind',
    '$ref',
    '{0}',
    '$1',
  ],
  ...['%27', '%25', '%00', '%0d%0a', '%2527', '&#39;', '&lt;', '<b>', '<script>'],
  ...[
    '\0',
    '\n',
    '\r\n',
    '\t',
    '\u001b[31m',
    '\u2028',
    '\u202e',
    '\ufeff',
    '\u00a0',
    '\ud83d',
    '\udc00',
    '😀',
    'e\u0301',
  ],
  ...['\r\n--batch_1\r\nContent-Type: application/http\r\n\r\nDELETE /x', 'LIMIT 1', 'null', 'true', '__proto__'],
  ...['a', 'Ada', 'É', 'ß', 'İ', 'o', '7', ' '],
]

/** Of pieces that mean something to one of the CRMs, and letters between them. */
export const hostileText = fc
  .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(''))

/** Every piece on its own, and some that were found elsewhere. */
export const hostileTexts: readonly string[] = [
  ...pieces,
  "O'Neil'; --",
  "x' OR Name LIKE '%",
  "x') or (true eq true) or contains(fullname,'",
  "\\' OR Id != null OR Name = '\\",
  'ends in a backslash\\',
  '%%%%',
  '____',
  '[%]',
]

/** As people read it: halves of pairs are nothing, blanks and control characters are one blank, case and accents aside. */
export function plain(text: string): string {
  return text
    .replaceAll(/\p{Surrogate}/gu, '\ufffd')
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
}
