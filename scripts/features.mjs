import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { proveRules, readBreaks } from './steps/broken-rules.mjs'
import { coverage, readRules, readShown } from './steps/features.mjs'
import { Problem, runScript } from './steps/problem.mjs'
import { cache, root } from './steps/workspace.mjs'

/**
 * Prints which rules the last `npm test` has shown; fails where one that is due has no passing test. With `--prove` it breaks
 * a rule of each section in the code instead, and fails where other tests than that row's notice.
 */
await runScript(async () => {
  const faults = process.argv.includes('--prove') ? await proveRules(readBreaks(), console.log) : unshown()
  if (faults.length > 0) console.error(`\n${faults.join('\n')}`)
  return faults.length === 0 ? 0 : 1
})

function unshown() {
  const report = join(cache, 'test-report.json')
  if (!existsSync(report)) throw new Problem('No test has run here yet: run npm test first.')
  const sections = readRules(readFileSync(join(root, 'docs/rules.md'), 'utf8'))
  const { lines, missing } = coverage(sections, readShown(report))
  console.log(lines.join('\n'))
  return missing
}
