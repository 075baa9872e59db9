import { install } from './steps/install.mjs'
import { licences } from './steps/licences.mjs'
import { runScript } from './steps/problem.mjs'

/** Lists the licence of every package that the product consists of; fails for one that nobody has decided on. */
await runScript(async () => {
  await install()
  for (const line of await licences()) console.log(line)
})
