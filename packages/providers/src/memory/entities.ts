/** The metadata of the in-memory org, derived from a vendor's descriptor: its names, without its network. */
import type {
  ActivityType,
  ActivityTypeDescriptor,
  EntityDescriptor,
  FieldDescriptor,
  RecordAttribute,
} from '../model/index.ts'
import type { DefaultEntityDescriptor, ProviderDescriptor } from '../provider.ts'

/** One entity type of the org, and which of its fields holds which attribute. */
export interface MemoryEntity {
  descriptor: EntityDescriptor
  attributes: Partial<Record<RecordAttribute | 'name', string>>
}

export const bodyMaxLength = 2_000

const prefillAttributes = {
  FIRST_NAME: 'firstName',
  LAST_NAME: 'lastName',
  FULL_NAME: 'name',
  PHONE: 'phone',
  EMAIL: 'email',
} as const satisfies Record<string, RecordAttribute | 'name'>

export function memoryEntities(descriptor: ProviderDescriptor): Map<string, MemoryEntity> {
  return new Map(descriptor.entityTypes.map((type) => [type.name, toEntity(type, descriptor)]))
}

/** What a kind of activity can hold. A note has no state. */
export function memoryActivityType(type: ActivityType): ActivityTypeDescriptor {
  return { subjectMaxLength: 200, bodyMaxLength, closable: type.type !== 'NOTE' }
}

function toEntity(type: DefaultEntityDescriptor, descriptor: ProviderDescriptor): MemoryEntity {
  const attributes: MemoryEntity['attributes'] = { name: type.primaryField }
  const fields = new Map<string, FieldDescriptor>()
  for (const field of descriptor.defaultFields.filter(({ kind }) => kind === type.kind)) {
    fields.set(field.name, toField(field.name, field.label, field.type, field.demandedByCrm))
    if (field.prefill !== null) attributes[prefillAttributes[field.prefill]] ??= field.name
  }
  for (const field of descriptor.shownFields.filter(({ kind }) => kind === type.kind)) {
    attributes[field.attribute] ??= field.name
    if (!fields.has(field.name)) fields.set(field.name, toField(field.name, field.label, field.type, false))
  }
  return {
    attributes,
    descriptor: {
      name: type.name,
      label: type.displayName,
      kind: type.kind,
      isActivity: false,
      creatable: true,
      idField: 'id',
      primaryField: type.primaryField,
      fields: [...fields.values()],
      recordTypes: [],
    },
  }
}

function toField(name: string, label: string, type: FieldDescriptor['type'], required: boolean): FieldDescriptor {
  return {
    name,
    label,
    type,
    required,
    writable: true,
    filterable: type !== 'MULTILINE_TEXT',
    maxLength: type === 'MULTILINE_TEXT' ? bodyMaxLength : type === 'LOOKUP' ? null : 100,
    minimum: null,
    maximum: null,
    precision: null,
    options: [],
    restricted: true,
    targets: [],
  }
}
