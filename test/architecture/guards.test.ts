import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PlantedWorkspace } from '../support/planted-workspace.ts'

/** Code that every tool is content with. */
const clean = {
  'packages/emulator/src/index.ts': "export { double } from './double.ts'\n",
  'packages/emulator/src/main.ts': "import { double } from './double.ts'\n\nprocess.stdout.write(String(double(2)))\n",
  'packages/emulator/src/double.ts': 'export function double(value: number): number {\n  return value * 2\n}\n',
}

let workspace: PlantedWorkspace

beforeAll(() => {
  workspace = new PlantedWorkspace(clean)
})

afterAll(() => workspace.remove())

describe('the formatter and the linter', () => {
  const planted = {
    'packages/emulator/src/untidy.ts': 'export const untidy = "double quotes";\n',
    'packages/emulator/src/disordered.ts':
      "import { writeFile } from 'node:fs/promises'\nimport { readFile } from 'node:fs'\n\nexport const both = [readFile, writeFile]\n",
    'packages/server/src/secretive.ts': 'export const port = process.env.PORT\n',
    'packages/server/src/loose.ts': 'export const loose = (value: any) => value\n',
    'packages/server/src/talkative.ts': "console.log('debugging')\n",
    'packages/server/src/skipped.test.ts': "import { it } from 'vitest'\n\nit.skip('is not run', () => {})\n",
    'packages/admin/src/silent-image.tsx': 'export const Picture = () => <img src="/picture.png" />\n',
    'packages/admin/src/conditional-hook.tsx':
      "import { useState } from 'react'\n\nexport function Sometimes({ on }: { on: boolean }) {\n  if (on) useState(1)\n  return null\n}\n",
  }
  let output: string

  beforeAll(async () => {
    workspace.plant(planted)
    const verdict = await workspace.run('@biomejs/biome', 'biome', ['check', '--max-diagnostics=none', 'packages'])
    expect(verdict.code).not.toBe(0)
    output = verdict.output
  })

  it.each([
    ['packages/emulator/src/untidy.ts', 'format'],
    ['packages/emulator/src/disordered.ts', 'assist/source/organizeImports'],
    ['packages/server/src/secretive.ts', 'lint/style/noProcessEnv'],
    ['packages/server/src/loose.ts', 'lint/suspicious/noExplicitAny'],
    ['packages/server/src/talkative.ts', 'lint/suspicious/noConsole'],
    ['packages/server/src/skipped.test.ts', 'lint/suspicious/noSkippedTests'],
    ['packages/admin/src/silent-image.tsx', 'lint/a11y/useAltText'],
    ['packages/admin/src/conditional-hook.tsx', 'lint/correctness/useHookAtTopLevel'],
  ])('catch %s by %s', (file, rule) => {
    const headings = output.split('\n').filter((line) => line.startsWith(file))
    expect(headings.some((line) => line.includes(` ${rule} `))).toBe(true)
  })

  it('are content with clean code', async () => {
    expect(output).not.toContain('packages/emulator/src/double.ts')
    expect((await workspace.run('@biomejs/biome', 'biome', ['check', ...Object.keys(clean)])).code).toBe(0)
  })

  it('let env.ts, and nothing beside it, read the environment', async () => {
    const environment = { 'packages/server/src/env.ts': 'export const port = process.env.PORT\n' }
    workspace.plant(environment)
    expect((await workspace.run('@biomejs/biome', 'biome', ['lint', ...Object.keys(environment)])).code).toBe(0)
  })
})

describe('the rules that know types', () => {
  const planted: Record<string, string> = {
    'no-floating-promises': 'async function work(): Promise<void> {}\n\nexport function start(): void {\n  work()\n}\n',
    'no-misused-promises': 'export const found = [1].filter(async () => true)\n',
    'await-thenable': 'export const answer = async () => await 42\n',
    'only-throw-error': "export function fail(): never {\n  throw 'text'\n}\n",
    'switch-exhaustiveness-check':
      "export function name(key: 'a' | 'b'): string {\n  switch (key) {\n    case 'a':\n      return 'A'\n  }\n  return ''\n}\n",
    'no-base-to-string': 'export const text = (value: object) => String(value)\n',
  }

  it('catch each planted fault, and nothing in clean code', async () => {
    const files = Object.entries(planted).map(([rule, text]) => [`packages/emulator/src/typed/${rule}.ts`, text])
    workspace.plant(Object.fromEntries(files))
    const { code, output } = await workspace.run('oxlint', 'oxlint', ['--format', 'unix', 'packages/emulator'])
    expect(code).not.toBe(0)
    for (const rule of Object.keys(planted)) {
      const found = output.split('\n').filter((line) => line.includes(`/typed/${rule}.ts:`))
      expect(found.join('\n'), output).toContain(`typescript(${rule})`)
    }
    expect(output).not.toContain('double.ts')
  })
})

describe('the compiler', () => {
  const planted = {
    'packages/emulator/src/implicit.ts': 'export const implicit = (value) => value\n',
    'packages/emulator/src/unchecked.ts':
      'export const unchecked = (values: readonly string[]): string => values[0].trim()\n',
    'packages/emulator/src/optional.ts': 'export const optional: { name?: string } = { name: undefined }\n',
  }
  let compiled: PlantedWorkspace
  let output: string

  beforeAll(async () => {
    compiled = new PlantedWorkspace({ ...clean, ...planted })
    const verdict = await compiled.run('typescript', 'tsc', ['-p', 'packages/emulator', '--pretty', 'false'])
    expect(verdict.code).not.toBe(0)
    output = verdict.output
  })

  afterAll(() => compiled.remove())

  it.each([
    ['an implicit any', 'implicit', 'TS7006'],
    ['an index that may find nothing', 'unchecked', 'TS2532'],
    ['an undefined where the property may only be left out', 'optional', 'TS2375'],
  ])('catches %s', (_fault, file, code) => {
    expect(output).toMatch(new RegExp(`^packages/emulator/src/${file}\\.ts\\(.*${code}`, 'm'))
  })

  it('is content with clean code', () => {
    expect(output).not.toContain('double.ts')
  })
})

describe('the check of the printed schema', () => {
  const file = 'packages/server/schema.graphql'
  let server: PlantedWorkspace

  beforeAll(() => {
    server = new PlantedWorkspace()
    server.copy('vitest.config.ts')
    // Imported by it.
    server.copy('scripts/steps')
    server.copy('packages/server/src')
    server.copy('packages/server/prisma/schema.prisma')
    server.copy('docs/access.md')
    server.copy(file)
  })

  afterAll(() => server.remove())

  const check = () => server.run('vitest', 'vitest', ['run', '--project', 'server', 'src/schema.test.ts'])

  it('is content with the one that is committed', async () => {
    const { code, output } = await check()
    expect(code, output).toBe(0)
  })

  it('catches one that was edited by hand', async () => {
    const printed = readFileSync(join(server.folder, file), 'utf8')
    server.plant({ [file]: printed.replace('type Viewer {', 'type Viewer {\n  planted: String\n') })
    const { code, output } = await check()
    expect(code).not.toBe(0)
    expect(output).toContain('planted: String')
  })
})

describe('the check for unused code', () => {
  let knip: PlantedWorkspace

  beforeAll(() => {
    knip = new PlantedWorkspace({
      ...clean,
      'packages/emulator/src/double.ts': `${clean['packages/emulator/src/double.ts']}\nexport const unused = 1\n`,
      'packages/emulator/src/forgotten.ts': 'export const forgotten = 1\n',
      'packages/emulator/src/only-tested.ts': 'export const onlyTested = 1\n',
      'packages/emulator/src/only-tested.test.ts':
        "import { expect, it } from 'vitest'\nimport { onlyTested } from './only-tested.ts'\n\nit('is one', () => expect(onlyTested).toBe(1))\n",
    })
  })

  afterAll(() => knip.remove())

  it('catches an unused file, an unused export and an unused dependency', async () => {
    const { code, output } = await knip.run('knip', 'knip', ['--workspace', 'packages/emulator'])
    expect(code).not.toBe(0)
    expect(output).toMatch(/Unused files[\s\S]*packages\/emulator\/src\/forgotten\.ts/)
    expect(output).toMatch(/Unused exports[\s\S]*unused/)
    expect(output).toMatch(/Unused dependencies[\s\S]*@jetstreamapp\/soql-parser-js/)
    expect(output).not.toContain('only-tested')
  })

  it('catches code that only a test uses', async () => {
    const { code, output } = await knip.run('knip', 'knip', ['--production', '--workspace', 'packages/emulator'])
    expect(code).not.toBe(0)
    expect(output).toContain('packages/emulator/src/only-tested.ts')
  })
})
