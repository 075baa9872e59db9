import { spawn } from 'node:child_process'
import { prepare } from './steps/prepare.mjs'
import { runScript } from './steps/problem.mjs'
import { commandOf, root } from './steps/workspace.mjs'

/** Measures the built gateway; arguments are handed on to the bench. */
await runScript(async () => {
  await prepare()
  const args = [commandOf('.', 'tsx'), 'test/bench/main.ts', ...process.argv.slice(2)]
  const bench = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' })
  return new Promise((resolve) => {
    bench.on('close', (code) => resolve(code ?? 1))
  })
})
