import type { EntityKind, ProviderKey } from '@backchannel/providers'
import { type FieldNode, type FragmentDefinitionNode, Kind, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import type { EntityTypeSnapshot } from '../integrations/settings.ts'
import { testIntegration } from '../testing/integration.ts'
import { selectedAttributes } from './selected-attributes.ts'
import { recordSelection, type SelectedAttributes } from './selection.ts'

function askedOf(selected: SelectedAttributes, provider: ProviderKey, kind: EntityKind) {
  const integration = testIntegration(provider)
  const entityType = integration.entityTypes.find((it) => it.kind === kind) as EntityTypeSnapshot
  return recordSelection(selected, entityType, integration, null).attributes
}

function infoOf(text: string) {
  const { definitions } = parse(text)
  const fragments: Record<string, FragmentDefinitionNode> = {}
  const fieldNodes: FieldNode[] = []
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition
    if (definition.kind === Kind.OPERATION_DEFINITION) {
      for (const selection of definition.selectionSet.selections) {
        if (selection.kind === Kind.FIELD) fieldNodes.push(selection)
      }
    }
  }
  return { fieldNodes, fragments }
}

const path = ['hits', 'record'] as const

describe('only what is selected is asked of the CRM', () => {
  it('finds attributes through aliases, inline fragments and named fragments', () => {
    const info = infoOf(`
      { search { ... on Success { hits { record { id tel: phone ...Person } } } } }
      fragment Person on Contact { firstName account { email } }
    `)
    expect([...selectedAttributes(info, path).attributes].sort()).toEqual(['account', 'firstName', 'phone'])
  })

  it('asks for nothing more where only id and name are selected', () => {
    const info = infoOf('{ search { hits { matchedBy record { id name url } } } }')
    expect(selectedAttributes(info, path).attributes.size).toBe(0)
  })

  it('D-DET-02: a view brings the attributes that it shows, and only those of the kind', () => {
    const info = infoOf('{ search { hits { record { fields } } } }')
    const selected = selectedAttributes(info, path)
    expect(askedOf(selected, 'DYNAMICS', 'ACCOUNT')).toEqual(['phone', 'accountNumber', 'description'])
    expect(askedOf(selected, 'DYNAMICS', 'CONTACT')).toEqual(['phone', 'email'])
  })

  it('keeps away from a kind what it does not have', () => {
    const info = infoOf('{ search { hits { record { ... on Contact { firstName } ... on Lead { company } } } } }')
    const selected = selectedAttributes(info, path)
    expect(askedOf(selected, 'SALESFORCE', 'ACCOUNT')).toEqual([])
    expect(askedOf(selected, 'SALESFORCE', 'CONTACT')).toEqual(['firstName'])
    expect(askedOf(selected, 'SALESFORCE', 'LEAD')).toEqual(['firstName', 'company'])
  })
})
