import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readShown } from './features.mjs'
import { Problem } from './problem.mjs'
import { CommandFailed, runNode } from './run.mjs'
import { commandOf, root } from './workspace.mjs'

/**
 * One way of breaking a rule in the code. `rows` are those whose tests must fail, and no others: both twins where one line
 * serves both CRMs. `find` stands once in `file`.
 *
 * @typedef {{ rows: string[], file: string, find: string, replace: string }} Break
 */

/** @returns {Break[]} */
export function readBreaks() {
  return JSON.parse(readFileSync(join(root, 'test/rules/breaks.json'), 'utf8'))
}

/**
 * A plugin for Vite that breaks the code as it is loaded, where `BREAK_RULE` names the rows of a break; the files stay as
 * they are.
 */
export function breakRule() {
  const rows = process.env.BREAK_RULE
  if (!rows) return []
  const broken = readBreaks().find((it) => it.rows.join(' ') === rows)
  if (broken === undefined) throw new Problem(`test/rules/breaks.json does not say how to break ${rows}.`)
  const { file, find, replace } = broken
  return [
    {
      name: 'broken-rule',
      enforce: /** @type {const} */ ('pre'),
      /**
       * @param {string} code
       * @param {string} id
       */
      transform(code, id) {
        if (!id.endsWith(`/${file}`)) return null
        if (code.split(find).length !== 2) throw new Problem(`"${find}" should stand once in ${file}.`)
        return { code: code.replace(find, () => replace), map: null }
      },
    },
  ]
}

/**
 * Breaks one rule after the other and runs all tests of rules each time.
 *
 * @param {Break[]} breaks
 * @param {(line: string) => void} tell
 * @returns {Promise<string[]>} what was not as it should be
 */
export async function proveRules(breaks, tell) {
  const faults = []
  const folder = mkdtempSync(join(tmpdir(), 'backchannel-breaks-'))
  try {
    for (const [index, { rows, file }] of breaks.entries()) {
      const report = join(folder, `${index}.json`)
      const args = ['run', '--project', 'whole', 'rules/', '--reporter=json', `--outputFile.json=${report}`]
      await runNode(commandOf('.', 'vitest'), args, { env: { BREAK_RULE: rows.join(' ') } }).catch(
        /** @param {unknown} error */ (error) => {
          // Tests are meant to fail.
          if (!(error instanceof CommandFailed)) throw error
        },
      )
      const { failed, passed } = readShown(report)
      const failing = [...failed].sort().join(' ') || 'none'
      const fine = failing === [...rows].sort().join(' ')
      tell(
        `${fine ? 'as it should be' : 'NOT AS IT SHOULD BE'}: ${file} broken for ${rows.join(' ')}: failing ${failing}, ${passed.size} rows pass`,
      )
      if (!fine) faults.push(`Breaking ${rows.join(' ')} fails the tests of ${failing}`)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return faults
}
