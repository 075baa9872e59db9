import type { CodegenConfig } from '@graphql-codegen/cli'

/** Typed documents for every operation in this package; an operation that the schema does not allow stops it. */
const config: CodegenConfig = {
  schema: '../server/schema.graphql',
  documents: ['src/**/*.{ts,tsx}', '!src/graphql/generated/**'],
  ignoreNoDocuments: true,
  generates: {
    'src/graphql/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: { unmaskFunctionName: 'readFragment' } },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        strictScalars: true,
        scalars: { DateTime: 'string', URL: 'string', JSON: 'unknown' },
      },
    },
    'src/graphql/generated/operations.json': { plugins: ['./operations-plugin.mjs'] },
    'src/graphql/generated/possible-types.ts': { plugins: ['./possible-types-plugin.mjs'] },
  },
}

export default config
