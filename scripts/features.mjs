import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { coverage, readRules, readShown } from './steps/features.mjs'
import { Problem, runScript } from './steps/problem.mjs'
import { cache, root } from './steps/workspace.mjs'

/** Prints which rules the last `npm test` has shown; fails where one that is due has no passing test. */
await runScript(async () => {
  const report = join(cache, 'test-report.json')
  if (!existsSync(report)) throw new Problem('No test has run here yet: run npm test first.')
  const sections = readRules(readFileSync(join(root, 'docs/rules.md'), 'utf8'))
  const { lines, missing } = coverage(sections, readShown(report))
  console.log(lines.join('\n'))
  if (missing.length > 0) console.error(`\n${missing.join('\n')}\n\n${missing.length} rows are not shown.`)
  return missing.length === 0 ? 0 : 1
})
