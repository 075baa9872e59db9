import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { providerErrorCodes } from '@backchannel/providers'
import { buildSchema, parse, validate } from 'graphql'
import { describe, expect, it } from 'vitest'
import { root } from '../../scripts/steps/workspace.mjs'

const pages = [
  'README.md',
  'SECURITY.md',
  ...['docs', 'docs/decisions'].flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name))),
].filter((path) => path.endsWith('.md'))
const read = (path: string) => readFileSync(join(root, path), 'utf8')

describe('the pages', () => {
  it.each(pages)('%s shows only operations that the schema allows', (page) => {
    const schema = buildSchema(read('packages/server/schema.graphql'))
    const operations = [...read(page).matchAll(/^```graphql\n(.*?)^```/gms)].map(([, text = '']) => text)
    for (const operation of operations) {
      expect(
        validate(schema, parse(operation)).map(({ message }) => message),
        operation,
      ).toEqual([])
    }
  })

  it.each(pages)('%s links only to files that are there', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target = '']) => target)
    const missing = links.filter((target) => {
      try {
        readFileSync(join(root, page, '..', target))
        return false
      } catch (error) {
        return (error as NodeJS.ErrnoException).code !== 'EISDIR'
      }
    })
    expect(missing).toEqual([])
  })
})

describe('the pages on connecting an own org', () => {
  it('explain every error that a CRM can cause', () => {
    const text = read('docs/connect-dynamics.md') + read('docs/connect-salesforce.md')
    expect(providerErrorCodes.filter((code) => !text.includes(`\`${code}\``))).toEqual([])
  })

  it.each([
    ['docs/connect-dynamics.md', 'dynamics365/errors.ts', /'(0x[0-9a-f]{8})'/g],
    ['docs/connect-dynamics.md', 'dynamics365/auth-errors.ts', /^ {4}(\d{5,7}): /gm],
    ['docs/connect-salesforce.md', 'salesforce/error-rules.ts', /^ {4}([A-Z][A-Z_]{5,}|[a-z]+_[a-z_]+):/gm],
  ])('%s names every code of %s', (page, table, pattern) => {
    const codes = [...read(`packages/providers/src/${table}`).matchAll(pattern)].map(([, code = '']) => code)
    expect(codes.length).toBeGreaterThan(10)
    expect(codes.filter((code) => !read(page).includes(code))).toEqual([])
  })
})
