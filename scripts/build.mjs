import { prepare } from './steps/prepare.mjs'
import { runScript } from './steps/problem.mjs'

await runScript(prepare)
