import { resolve } from 'node:path'
import { layOutInstallation } from './steps/installation.mjs'
import { prepare } from './steps/prepare.mjs'
import { Problem, runScript } from './steps/problem.mjs'

/** Copies what runs, without what builds it, into a folder, as the container image has it: `node scripts/lay-out.mjs <folder>`. */
await runScript(async () => {
  const [folder] = process.argv.slice(2)
  if (folder === undefined) throw new Problem('Say into which folder: node scripts/lay-out.mjs <folder>.')
  await prepare()
  layOutInstallation(resolve(folder))
})
