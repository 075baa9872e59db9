/** The options of choices, states, statuses and two-option columns (crm-apis.md 1.8). */

import type { Option } from '../schema/definition.ts'
import type { Attribute, Entity } from '../schema/index.ts'
import { stableGuid } from '../values.ts'
import { labelOf, type MetadataItem } from './item.ts'

function optionOf({ value, label }: Option, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    Value: value,
    ...more,
    Label: labelOf(label),
    Description: labelOf(''),
    Color: null,
    IsManaged: true,
    MetadataId: null,
    HasChanged: null,
  }
}

function optionSet(name: string, type: string, isGlobal: boolean, options: Record<string, unknown>): MetadataItem {
  return {
    type: type === 'Boolean' ? 'BooleanOptionSetMetadata' : 'OptionSetMetadata',
    members: {
      ...options,
      IsCustomOptionSet: false,
      IsGlobal: isGlobal,
      IsManaged: true,
      Name: name,
      OptionSetType: type,
      MetadataId: stableGuid(`optionset/${name}`),
      HasChanged: null,
    },
  }
}

/** What `OptionSet` and `GlobalOptionSet` expand to: one of them is null. */
export interface OptionSets {
  local: MetadataItem | null
  global: MetadataItem | null
}

/** Undefined for a column without options. */
export function optionSetsOf(attribute: Attribute, entity: Entity): OptionSets | undefined {
  const { definition } = attribute
  const name = `${entity.name}_${attribute.name}`
  switch (definition.type) {
    case 'Picklist':
    case 'MultiSelectPicklist': {
      const { globalName } = definition
      const options = { Options: definition.options.map((option) => optionOf(option)) }
      if (globalName === undefined) return { local: optionSet(name, 'Picklist', false, options), global: null }
      return { local: null, global: optionSet(globalName, 'Picklist', true, options) }
    }
    case 'State': {
      const options = definition.options.map((option) =>
        optionOf(option, { DefaultStatus: option.defaultStatus, InvariantName: option.invariantName }),
      )
      return { local: optionSet(name, 'State', false, { Options: options }), global: null }
    }
    case 'Status': {
      const options = definition.options.map((option) =>
        optionOf(option, { State: option.state, TransitionData: null }),
      )
      return { local: optionSet(name, 'Status', false, { Options: options }), global: null }
    }
    case 'Boolean': {
      const options = {
        TrueOption: optionOf({ value: 1, label: definition.trueLabel }),
        FalseOption: optionOf({ value: 0, label: definition.falseLabel }),
      }
      return { local: optionSet(name, 'Boolean', false, options), global: null }
    }
    default:
      return undefined
  }
}
