import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const admin = join(import.meta.dirname, '../../packages/admin')

test('every Mantine component that the admin app uses brings its styles', () => {
  const sources = readdirSync(join(admin, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => readFileSync(join(admin, 'src', name), 'utf8'))
  const used = sources.flatMap((source) =>
    [...source.matchAll(/import \{([^}]*)\} from '@mantine\/core'/g)].flatMap(([, names = '']) => names.split(',')),
  )
  const styles = used
    .map((name) => `@mantine/core/styles/${name.trim()}.css`)
    .filter((file) => existsSync(join(admin, 'node_modules', file)))
  const imported = readFileSync(join(admin, 'src/ui/mantine.css'), 'utf8')
  expect(styles.length).toBeGreaterThan(10)
  expect(styles.filter((file) => !imported.includes(`"${file}"`))).toEqual([])
})
