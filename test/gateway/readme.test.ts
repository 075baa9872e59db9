import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { root } from '../../scripts/steps/workspace.mjs'
import { type RunningGateway, startGateway } from './running-gateway.ts'

let gateway: RunningGateway

beforeAll(async () => {
  // As many people as "npm start" seeds, among whom nobody else may match.
  gateway = await startGateway({ people: 3_200 })
})
afterAll(() => gateway.stop())

/** The first block of the README in this language. */
function block(language: string): string {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const [, text] = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'ms').exec(readme) ?? []
  if (text === undefined) throw new Error(`README.md shows no ${language}`)
  return text
}

it('the first query of the README is answered as the README says', async () => {
  expect({ data: await gateway.execute(block('graphql')) }).toEqual(JSON.parse(block('json')))
})
