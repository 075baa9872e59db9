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

/** A field of an entity type; what is left out is as for a plain field that may be written. */
export type MemoryField = Pick<FieldDescriptor, 'name' | 'type'> & Partial<FieldDescriptor> & { entityName: string }

export const bodyMaxLength = 2_000

const prefillAttributes = {
  FIRST_NAME: 'firstName',
  LAST_NAME: 'lastName',
  FULL_NAME: 'name',
  PHONE: 'phone',
  EMAIL: 'email',
} as const satisfies Record<string, RecordAttribute | 'name'>

export function memoryEntities(
  descriptor: ProviderDescriptor,
  more: readonly MemoryField[],
): Map<string, MemoryEntity> {
  return new Map(
    descriptor.entityTypes.map((type) => {
      const entity = toEntity(type, descriptor)
      for (const { entityName, ...field } of more) {
        if (entityName !== type.name) continue
        const label = field.label ?? field.name
        entity.descriptor.fields.push({ ...toField(field.name, label, field.type, false), ...field })
      }
      return [type.name, entity]
    }),
  )
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

const texts = new Set<FieldDescriptor['type']>(['TEXT', 'EMAIL', 'PHONE', 'URL'])

function toField(name: string, label: string, type: FieldDescriptor['type'], required: boolean): FieldDescriptor {
  return {
    name,
    label,
    type,
    required,
    writable: true,
    filterable: type !== 'MULTILINE_TEXT',
    maxLength: type === 'MULTILINE_TEXT' ? bodyMaxLength : texts.has(type) ? 100 : null,
    minimum: null,
    maximum: null,
    precision: null,
    options: [],
    restricted: true,
    targets: [],
  }
}
