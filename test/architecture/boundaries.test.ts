import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../../scripts/steps/workspace.mjs'
import { PlantedWorkspace } from '../support/planted-workspace.ts'

interface Violation {
  readonly from: string
  readonly rule: { readonly name: string }
}

/** For every boundary, the file that breaks it; `target` files only have to exist. */
const planted: Record<string, readonly [file: string, text: string]> = {
  'no-cycles': ['packages/emulator/src/ring-a.ts', "import './ring-b.ts'\n"],
  'nothing-unresolved': ['packages/emulator/src/lost.ts', "import './nowhere.ts'\n"],
  'declared-dependencies': ['packages/emulator/src/borrowed.ts', "import 'typescript'\n"],
  'no-tests-in-production': ['packages/emulator/src/leaning.ts', "import './target.test.ts'\n"],
  'providers-stand-alone': ['packages/providers/src/outward.ts', "import '../../server/src/target.ts'\n"],
  'emulator-stands-alone': ['packages/emulator/src/sharing.ts', "import '../../providers/src/index.ts'\n"],
  'admin-knows-only-the-schema': ['packages/admin/src/inward.ts', "import '../../server/src/target.ts'\n"],
  'server-knows-only-providers': ['packages/server/src/outward.ts', "import '../../emulator/src/target.ts'\n"],
  'providers-through-the-entry': [
    'packages/server/src/past-the-door.ts',
    "import '../../providers/src/dynamics365/target.ts'\n",
  ],
  'vendors-apart': ['packages/providers/src/salesforce/neighbour.ts', "import '../dynamics365/target.ts'\n"],
  'vendors-below-the-registry': ['packages/providers/src/salesforce/upward.ts', "import '../registry.ts'\n"],
  'vendors-only-in-the-registry': ['packages/providers/src/http/partial.ts', "import '../dynamics365/target.ts'\n"],
  'emulated-vendors-apart': ['packages/emulator/src/salesforce/neighbour.ts', "import '../dynamics365/target.ts'\n"],
  'services-without-graphql': ['packages/server/src/search/service.ts', "import 'graphql'\n"],
  'stores-reach-the-database': [
    'packages/server/src/search/direct.ts',
    "import { PrismaClient } from '../generated/prisma/client.ts'\n\nexport const client = PrismaClient\n",
  ],
  'across-workspaces-by-name': [
    'packages/server/src/search/wide-store.ts',
    "import '../database/workspace-guard.ts'\n",
  ],
  'schemas-ask-services': [
    'packages/server/src/search/schema.ts',
    "import { rows } from './store.ts'\n\nexport const answer = rows\n",
  ],
  'shared-knows-no-domain': ['packages/server/src/shared/knowing.ts', "import '../search/target.ts'\n"],
  'worker-without-graphql': ['packages/server/src/worker-main.ts', "import './schema-by-a-detour.ts'\n"],
  'admin-features-apart': ['packages/admin/src/features/access/neighbour.ts', "import '../sign-in/target.ts'\n"],
  'admin-features-below-routes': ['packages/admin/src/features/access/upward.ts', "import '../../routes/routes.ts'\n"],
  'admin-ui-knows-no-graphql': ['packages/admin/src/ui/asking.ts', "import 'urql'\n"],
}

const target = 'export const target = 1\n'
const targets = {
  'packages/emulator/src/ring-b.ts': "import './ring-a.ts'\n",
  'packages/emulator/src/target.ts': target,
  'packages/emulator/src/target.test.ts': target,
  'packages/emulator/src/dynamics365/target.ts': target,
  'packages/providers/src/index.ts': target,
  'packages/providers/src/registry.ts': target,
  'packages/providers/src/dynamics365/target.ts': target,
  'packages/server/src/target.ts': target,
  'packages/server/src/search/target.ts': target,
  'packages/server/src/database/workspace-guard.ts': target,
  'packages/server/src/search/store.ts': 'export const rows = 1\n',
  'packages/server/src/generated/prisma/client.ts': 'export class PrismaClient {}\n',
  'packages/server/src/schema-by-a-detour.ts': "import 'graphql'\n",
  'packages/admin/src/features/sign-in/target.ts': target,
  'packages/admin/src/routes/routes.ts': target,
}

let workspace: PlantedWorkspace
let violations: readonly Violation[]

beforeAll(async () => {
  workspace = new PlantedWorkspace({ ...targets, ...Object.fromEntries(Object.values(planted)) })
  const { output } = await workspace.run('dependency-cruiser', 'depcruise', [
    'packages',
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'json',
  ])
  violations = (JSON.parse(output) as { summary: { violations: Violation[] } }).summary.violations
})

afterAll(() => workspace.remove())

describe('import boundaries', () => {
  it('have a violation planted here for every rule', () => {
    const { forbidden } = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as {
      forbidden: { name: string; comment?: string }[]
    }
    expect(forbidden.map(({ name }) => name).sort()).toEqual(Object.keys(planted).sort())
    expect(forbidden.filter(({ comment }) => !comment)).toEqual([])
  })

  it.each(Object.entries(planted).map(([rule, [file]]) => [rule, file]))('%s catches %s', (rule, file) => {
    expect(violations.filter(({ from }) => from === file).map((violation) => violation.rule.name)).toContain(rule)
  })

  it('leave what is allowed alone', () => {
    expect(violations.filter(({ from }) => from in targets && from !== 'packages/emulator/src/ring-b.ts')).toEqual([])
  })
})
