import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PlantedWorkspace } from '../support/planted-workspace.ts'

const schema = 'scalar DateTime\ntype Query { viewer: Viewer! }\ntype Viewer { id: ID! seenAt: DateTime! }\n'
const component = (fields: string) =>
  `import { graphql } from './graphql/generated'\n\nexport const query = graphql(\`query Page_Viewer { viewer { ${fields} } }\`)\n`

let workspace: PlantedWorkspace

beforeEach(() => {
  workspace = new PlantedWorkspace({ 'packages/server/schema.graphql': schema })
  workspace.copy('packages/admin/codegen.ts')
  workspace.copy('packages/admin/operations-plugin.mjs')
  workspace.copy('packages/admin/possible-types-plugin.mjs')
})

afterEach(() => workspace.remove())

describe('the typed documents of the admin app', () => {
  const generate = (fields: string) => {
    workspace.plant({ 'packages/admin/src/page.tsx': component(fields) })
    return workspace.run('@graphql-codegen/cli', 'graphql-codegen', ['--config', 'codegen.ts'], 'packages/admin')
  }
  const generated = () => existsSync(join(workspace.folder, 'packages/admin/src/graphql/generated/graphql.ts'))

  it('are made from operations that the schema allows', async () => {
    const { code, output } = await generate('id seenAt')
    expect(code, output).toBe(0)
    expect(generated()).toBe(true)
  })

  it('are refused for an operation on a field that the schema has not', async () => {
    const { code, output } = await generate('id password')
    expect(code).not.toBe(0)
    expect(output).toContain('Cannot query field "password" on type "Viewer"')
    expect(generated()).toBe(false)
  })
})
