import { generateAll } from './steps/generate.mjs'
import { prepareSources } from './steps/prepare.mjs'
import { runScript } from './steps/problem.mjs'

await runScript(() => prepareSources(generateAll))
