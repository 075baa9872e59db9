import { generateAll } from './steps/generate.mjs'
import { checkNode } from './steps/node-version.mjs'
import { checkPorts } from './steps/ports.mjs'
import { prepareSources } from './steps/prepare.mjs'
import { Problem, runScript } from './steps/problem.mjs'
import { ProcessGroup } from './steps/processes.mjs'
import { serve } from './steps/serve.mjs'
import { portsOf, startSettings } from './steps/settings.mjs'
import { welcome } from './steps/welcome.mjs'
import { commandOf, root } from './steps/workspace.mjs'

/** Runs everything from its sources and starts a process again when its sources change. */
await runScript(async () => {
  checkNode()
  const settings = startSettings(process.env)
  const adminPort = Number(process.env.ADMIN_DEV_PORT ?? 5173)
  await checkPorts([
    ...portsOf(settings),
    { port: adminPort, host: '127.0.0.1', variable: 'ADMIN_DEV_PORT', use: "the admin app's development server" },
  ])
  await prepareSources(generateAll)

  const watch = [commandOf('.', 'tsx'), 'watch', '--clear-screen=false']
  const group = new ProcessGroup(settings.patienceMs)
  group.endOnSignals()
  try {
    const ready = await serve(group, settings, {
      emulator: [...watch, 'packages/emulator/src/main.ts'],
      server: [...watch, 'packages/server/src/main.ts'],
    })
    group.start('Vite', [commandOf('packages/admin', 'vite'), '--port', String(adminPort), '--strictPort'], {
      cwd: `${root}/packages/admin`,
      env: { GATEWAY_URL: `http://127.0.0.1:${settings.port}` },
      onLine: (line) => console.log(line),
    })
    console.log(welcome(settings, ready))
    console.log(`Admin, updated as you write: http://localhost:${adminPort}/admin\n`)
    const end = await group.ended
    if (end instanceof Problem) throw end
  } finally {
    await group.stop()
  }
})
