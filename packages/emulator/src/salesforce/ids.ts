/** Salesforce ids: 15 characters whose case matters, and 18 with three more that say which letters are capitals. */

const base62 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const checkCharacters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'

/** The 18 characters of an id; null when the text is no id. The last three of a longer one are not believed. */
export function normaliseId(text: string): string | null {
  if (!/^[a-zA-Z0-9]+$/.test(text)) return null
  if (text.length === 18) return text
  return text.length === 15 ? withCheck(text) : null
}

/** The id of the row with this running number. */
export function makeId(keyPrefix: string, number: number): string {
  let tail = ''
  for (let rest = number; tail.length < 7; rest = Math.floor(rest / 62)) tail = (base62[rest % 62] ?? 'A') + tail
  return withCheck(`${keyPrefix}dM000${tail.slice(-7)}`)
}

function withCheck(id: string): string {
  let check = ''
  for (let chunk = 0; chunk < 15; chunk += 5) {
    let bits = 0
    for (let bit = 0; bit < 5; bit++) if (/[A-Z]/.test(id[chunk + bit] ?? '')) bits |= 1 << bit
    check += checkCharacters[bits]
  }
  return id + check
}
