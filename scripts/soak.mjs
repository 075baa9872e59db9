import { spawn } from 'node:child_process'
import { prepareSources } from './steps/prepare.mjs'
import { runScript } from './steps/problem.mjs'
import { provideTestServers } from './steps/test-servers.mjs'
import { commandOf, root } from './steps/workspace.mjs'

/** Pushes under faults and kills; arguments are handed on to the soak. */
await runScript(async () => {
  await prepareSources()
  if (process.argv.includes('--postgresql')) await provideTestServers()
  const args = [commandOf('.', 'tsx'), 'test/soak/main.ts', ...process.argv.slice(2)]
  const soak = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' })
  return new Promise((resolve) => {
    soak.on('close', (code) => resolve(code ?? 1))
  })
})
