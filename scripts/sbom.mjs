import { resolve } from 'node:path'
import { install } from './steps/install.mjs'
import { writeSbom } from './steps/licences.mjs'
import { runScript } from './steps/problem.mjs'

/** Writes the bill of materials (CycloneDX JSON): `npm run sbom -- [file]`. */
await runScript(async () => {
  await install()
  const file = resolve(process.argv[2] ?? 'sbom.cdx.json')
  await writeSbom(file)
  console.log(`Written: ${file}`)
})
