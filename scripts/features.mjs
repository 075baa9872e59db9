import { existsSync } from 'node:fs'
import { proveRules, readBreaks } from './steps/broken-rules.mjs'
import { coverageOf, postgresqlReport, testReport } from './steps/features.mjs'
import { Problem, runScript } from './steps/problem.mjs'

/**
 * Prints which rules the last `npm test` has shown, or with `--postgresql` the last `npm run test:postgresql`; fails where one
 * that is due has no passing test. With `--prove` it breaks a rule of each section in the code instead, and fails where other
 * tests than that row's notice.
 */
await runScript(async () => {
  const faults = process.argv.includes('--prove') ? await proveRules(readBreaks(), console.log) : unshown()
  if (faults.length > 0) console.error(`\n${faults.join('\n')}`)
  return faults.length === 0 ? 0 : 1
})

function unshown() {
  const [report, command] = process.argv.includes('--postgresql')
    ? [postgresqlReport, 'npm run test:postgresql']
    : [testReport, 'npm test']
  if (!existsSync(report)) throw new Problem(`No test has run here yet: run ${command} first.`)
  const { lines, missing } = coverageOf(report)
  console.log(lines.join('\n'))
  return missing
}
