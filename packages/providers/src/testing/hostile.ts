/** Texts that would break a query, or widen it, if they were not carried as what they are. */
export const hostile: readonly string[] = [
  "O'Neil'; --",
  "' or 1 eq 1 or '",
  "\\' OR Name LIKE 'a",
  'ends in a backslash\\',
  "ends in both\\'",
  '100%_[x]y',
  '[a-z]a%',
  'a_a',
  '"quoted" {and} (bracketed) & more = #?',
  'two\r\nlines',
  'nul\u0000byte',
  '😀 emoji and Ünïcödé',
  'select/**/x',
  'long '.repeat(60),
]
