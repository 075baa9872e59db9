import { type CommonValues, type EntityTypes, permissions } from './common-values.ts'

/** Whether an entity type is not searched, by the switches as they are on the form. */
export function closedToSearch({ kind, searchable }: EntityTypes[number], values: CommonValues): boolean {
  const permission = permissions.find((it) => it.kind === kind && it.may === 'searchable')
  return permission ? !values[permission.member] : !searchable
}

export function searchIsOff(displayName: string): string {
  return `The search of ${displayName} is off: an automatic push cannot look for its records. Switch the search on, or choose another entity.`
}
