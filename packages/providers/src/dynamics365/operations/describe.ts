/** What the org has, for pickers and for forms. */
import type { Deadline } from '../../http/index.ts'
import type {
  ActivityType,
  ActivityTypeDescriptor,
  EntityDescriptor,
  EntitySummary,
  FieldDescriptor,
} from '../../model/index.ts'
import type { DescribeOptions } from '../../provider.ts'
import { findActivityTable } from '../activities.ts'
import type { FieldMetadata, TableMetadata, TableSummary } from '../metadata-rows.ts'
import { kindOf, type Org } from '../org.ts'

export async function listEntityTypes(org: Org, deadline: Deadline): Promise<EntitySummary[]> {
  return (await org.metadata.list(deadline)).map(toSummary)
}

/** One for each reading of a table, so that who keeps it can tell that nothing has changed. */
const described = new WeakMap<TableMetadata, EntityDescriptor>()

export async function describeEntityType(
  org: Org,
  name: string,
  { fresh = false }: Pick<DescribeOptions, 'fresh'>,
  deadline: Deadline,
): Promise<EntityDescriptor | null> {
  const table = fresh ? await org.metadata.findAnew(name, deadline) : await org.metadata.find(name, deadline)
  if (table === null) return null
  const known = described.get(table)
  if (known !== undefined) return known
  const descriptor: EntityDescriptor = {
    ...toSummary(table),
    kind: kindOf(table.name),
    idField: table.idField,
    primaryField: table.nameField,
    fields: [...table.fields.values()].map(toDescriptor),
    recordTypes: [],
  }
  described.set(table, descriptor)
  return descriptor
}

export async function describeActivityType(
  org: Org,
  type: ActivityType,
  deadline: Deadline,
): Promise<ActivityTypeDescriptor | null> {
  const activity = await findActivityTable(org, type, deadline)
  const table = activity === null ? null : await org.metadata.find(activity.logicalName, deadline)
  if (activity === null || table === null) return null
  const lengthOf = (field: string, standard: number) => table.fields.get(field)?.maxLength ?? standard
  return {
    subjectMaxLength: lengthOf('subject', activity.defaults.subject),
    bodyMaxLength: Math.floor(lengthOf(activity.bodyField, activity.defaults.body) * activity.bodyShare),
    closable: table.completed !== null,
  }
}

function toSummary({ name, label, isActivity, creatable }: TableSummary): EntitySummary {
  return { name, label, isActivity, creatable }
}

function toDescriptor({ column: _, updatable: _u, bareDate: _b, ...descriptor }: FieldMetadata): FieldDescriptor {
  return descriptor
}
