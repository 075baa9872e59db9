/** The name that was probably meant: the same but for case first, then the fewest letters apart. */

export function nearest(name: string, names: readonly string[]): string | null {
  const wanted = name.toLowerCase()
  const most = Math.max(1, Math.floor(wanted.length / 3))
  let found: { name: string; distance: number } | null = null
  for (const candidate of names) {
    const spelled = candidate.toLowerCase()
    if (Math.abs(spelled.length - wanted.length) > most) continue
    const distance = distanceOf(wanted, spelled)
    if (distance <= most && (found === null || distance < found.distance)) found = { name: candidate, distance }
  }
  return found?.name ?? null
}

/** Levenshtein, with two neighbours that changed places as one mistake. */
function distanceOf(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swapped = isSwap ? (before[j - 2] ?? 0) + 1 : replaced
      next.push(Math.min(replaced, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    before = row
    row = next
  }
  return row[b.length] ?? 0
}
