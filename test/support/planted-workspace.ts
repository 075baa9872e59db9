import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { commandOf, packageFolders, root } from '../../scripts/steps/workspace.mjs'

const settings = [
  '.dependency-cruiser.cjs',
  '.gitignore',
  '.oxlintrc.json',
  'biome.json',
  'knip.jsonc',
  'pnpm-workspace.yaml',
  'tsconfig.base.json',
]

/** What a tool said about a planted workspace. */
export interface Verdict {
  /** 0 where the tool is content. */
  readonly code: number
  readonly output: string
}

/**
 * A workspace in a temporary folder with this one's settings and packages and only those sources that a test plants in
 * it, so that a test sees whether a tool catches what it is there for.
 */
export class PlantedWorkspace {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'backchannel-planted-')))

  constructor(sources: Readonly<Record<string, string>> = {}) {
    for (const name of settings) this.copy(name)
    for (const name of packageFolders) {
      this.copy(join(name, 'package.json'))
      if (name !== '.') this.copy(join(name, 'tsconfig.json'))
      symlinkSync(join(root, name, 'node_modules'), join(this.folder, name, 'node_modules'))
    }
    this.plant(sources)
  }

  /** Copies a file or a folder of the real workspace to the same place in this one. */
  copy(path: string): void {
    cpSync(join(root, path), join(this.folder, path), { recursive: true })
  }

  /** Writes sources by their path. */
  plant(sources: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(sources)) {
      const target = join(this.folder, path)
      mkdirSync(dirname(target), { recursive: true })
      writeFileSync(target, text)
    }
  }

  /** Runs the command of a package of the workspace in this folder. */
  run(name: string, command: string, args: readonly string[] = [], cwd = '.'): Promise<Verdict> {
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [commandOf(cwd, name, command), ...args],
        {
          cwd: join(this.folder, cwd),
          maxBuffer: 16 * 1024 * 1024,
          // Some tools say less when they find themselves under test.
          env: { ...process.env, NO_COLOR: '1', CI: 'true', NODE_ENV: 'development' },
        },
        (error, stdout, stderr) => {
          const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
          resolve({ code, output: stdout + stderr })
        },
      )
    })
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
