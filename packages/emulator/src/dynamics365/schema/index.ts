import { annotation, appointment, chatSession, email, phonecall, task } from './activities.ts'
import { account, contact, lead, opportunity } from './customers.ts'
import type { EntityDefinition } from './definition.ts'
import { incident, organization, systemuser, vehicle } from './service.ts'

export type { EntityDefinition } from './definition.ts'
export {
  type Attribute,
  buildModel,
  type EdmType,
  type Entity,
  isLookup,
  type Model,
  type Relationship,
  targetField,
} from './model.ts'

/** Every table of the emulated org. */
export const definitions: readonly EntityDefinition[] = [
  account,
  contact,
  lead,
  opportunity,
  incident,
  task,
  phonecall,
  appointment,
  email,
  chatSession,
  annotation,
  vehicle,
  systemuser,
  organization,
]
