import { runScript } from './steps/problem.mjs'
import { typecheck } from './steps/typecheck.mjs'

await runScript(async () => ((await typecheck()) ? 0 : 1))
