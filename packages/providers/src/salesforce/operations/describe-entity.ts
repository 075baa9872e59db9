/** An entity type as a form needs it: its fields, its record types, and the values that one of these offers. */
import type { Deadline } from '../../http/index.ts'
import type { EntityDescriptor } from '../../model/index.ts'
import type { DescribeOptions } from '../../provider.ts'
import type { ObjectMetadata } from '../metadata.ts'
import type { Metadata } from './describe.ts'
import type { OfferedOptions, RecordType, RecordTypes } from './record-types.ts'

type DescribeEntity = (
  name: string,
  options: Pick<DescribeOptions, 'fresh' | 'recordType'>,
  deadline: Deadline,
) => Promise<EntityDescriptor | null>

/** What a descriptor was made of: while this is the same, so is the descriptor. */
interface Made {
  object: ObjectMetadata
  recordTypes: readonly RecordType[]
  offered: OfferedOptions | null
  descriptor: EntityDescriptor
}

function toDescriptor({ object, recordTypes, offered }: Omit<Made, 'descriptor'>): EntityDescriptor {
  const { fields } = object.descriptor
  return {
    ...object.descriptor,
    fields:
      offered === null
        ? fields
        : fields.map((field) => ({ ...field, options: [...(offered.get(field.name) ?? field.options)] })),
    recordTypes: recordTypes.map(({ id: _, ...recordType }) => recordType),
  }
}

/**
 * A record type that the object does not have narrows nothing: a create that names it is refused, and a form that was
 * asked with an old name is still a form.
 */
export function createDescribeEntity(metadata: Metadata, recordTypes: RecordTypes): DescribeEntity {
  const kept = new Map<string, Made>()

  return async (name, { fresh = false, recordType }, deadline) => {
    if (fresh) recordTypes.forget()
    const object = await (fresh ? metadata.newerThan(0, name, deadline) : metadata.object(name, deadline))
    if (object === null) return null
    const own = await recordTypes.of(object, deadline)
    const named = own.find((one) => one.name === recordType)
    const offered = named === undefined ? null : await recordTypes.optionsFor(object, named, deadline)
    const key = `${object.name} ${named?.name ?? ''}`
    const before = kept.get(key)
    if (before?.object === object && before.recordTypes === own && before.offered === offered) return before.descriptor
    const made = { object, recordTypes: own, offered }
    const descriptor = toDescriptor(made)
    kept.set(key, { ...made, descriptor })
    return descriptor
  }
}
