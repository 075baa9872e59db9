import { readFileSync } from 'node:fs'
import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql'
import { describe, expect, it } from 'vitest'
import { accessFile, printedAccess, printedSchema, schemaFile } from './print-schema.ts'
import { schema } from './schema.ts'

describe('the schema', () => {
  it('is the one that schema.graphql shows; "npm run generate" prints it anew', () => {
    expect(printedSchema()).toBe(readFileSync(schemaFile, 'utf8'))
  })

  it('lets those ask who stand in docs/access.md; "npm run generate" prints it anew', () => {
    expect(printedAccess()).toBe(readFileSync(accessFile, 'utf8'))
  })

  it('describes every type, field, argument and enum value', () => {
    const bare: string[] = []
    for (const type of Object.values(schema.getTypeMap())) {
      if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue
      if (!type.description) bare.push(type.name)
      if (isEnumType(type)) {
        for (const value of type.getValues()) if (!value.description) bare.push(`${type.name}.${value.name}`)
      }
      if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue
      for (const field of Object.values(type.getFields())) {
        if (!field.description) bare.push(`${type.name}.${field.name}`)
        if (!('args' in field)) continue
        for (const argument of field.args) {
          if (!argument.description) bare.push(`${type.name}.${field.name}(${argument.name}:)`)
        }
      }
    }
    expect(bare).toEqual([])
  })
})
