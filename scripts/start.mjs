import { checkNode } from './steps/node-version.mjs'
import { checkPorts } from './steps/ports.mjs'
import { prepare } from './steps/prepare.mjs'
import { Problem, runScript } from './steps/problem.mjs'
import { ProcessGroup } from './steps/processes.mjs'
import { serve } from './steps/serve.mjs'
import { portsOf, startSettings } from './steps/settings.mjs'
import { welcome } from './steps/welcome.mjs'

await runScript(async () => {
  checkNode()
  const settings = startSettings(process.env)
  await checkPorts(portsOf(settings))
  await prepare()

  const group = new ProcessGroup(settings.patienceMs)
  group.endOnSignals()
  try {
    const ready = await serve(group, settings, {
      emulator: ['packages/emulator/dist/main.js'],
      server: ['packages/server/dist/main.js'],
    })
    console.log(welcome(settings, ready))
    const end = await group.ended
    if (end instanceof Problem) throw end
  } finally {
    await group.stop()
  }
})
