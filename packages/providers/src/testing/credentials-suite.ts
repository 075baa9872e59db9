import { expect } from 'vitest'
import type { Suite } from './suite.ts'

export function credentialsSuite({ check, session, org }: Suite): void {
  check('credentials: says who we are, in which org and where', async () => {
    const found = await session().provider.checkCredentials()
    expect(found.orgId).not.toBe('')
    expect(found.connectedAs).not.toBe('')
    expect(found.url).toMatch(/^https?:\/\/[^/]+\/?$/)
    expect(found.problems).toEqual([])
  })

  check('capabilities: are those that the org is known to have', async () => {
    expect(await session().provider.capabilities()).toEqual(org.capabilities)
  })

  check('metadata: the default entity types are there, with their fields', async () => {
    const { provider, entityName, fieldName } = session()
    const names = (await provider.listEntityTypes()).map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(org.descriptor.entityTypes.map(({ name }) => name)))

    for (const type of org.descriptor.entityTypes) {
      const described = await provider.describeEntityType(type.name)
      expect(described).toMatchObject({ name: type.name, kind: type.kind, primaryField: type.primaryField })
      const fields = described?.fields.map(({ name }) => name) ?? []
      const built = org.descriptor.defaultFields.filter(({ kind, name }) => kind === type.kind && !isPersonField(name))
      expect(fields).toEqual(expect.arrayContaining(built.map(({ name }) => name)))
    }
    const contact = await provider.describeEntityType(entityName('CONTACT'))
    const phone = contact?.fields.find(({ name }) => name === fieldName('CONTACT', 'phone'))
    expect(phone).toMatchObject({ type: 'PHONE', writable: true, filterable: true })
    expect(phone?.maxLength).toBeGreaterThan(0)
  })

  check('metadata: what the org does not have is null, not an error', async () => {
    expect(await session().provider.describeEntityType('no_such_entity')).toBeNull()
    expect(await session().provider.describeActivityType({ type: 'CUSTOM', entityName: 'no_such_activity' })).toBeNull()
  })

  check('metadata: kinds of activity say what they hold', async () => {
    const { provider } = session()
    for (const type of org.activityTypes) {
      const described = await provider.describeActivityType(type)
      expect(described?.closable).toBe(type.type !== 'NOTE')
      expect(described?.bodyMaxLength).toBeGreaterThanOrEqual(2_000)
      expect(described?.subjectMaxLength).toBeGreaterThan(0)
    }
    const known = new Set(org.activityTypes.map(({ type }) => type))
    if (!known.has('NOTE')) expect(await provider.describeActivityType({ type: 'NOTE' })).toBeNull()
  })
}

/** Fields that exist only where the org has person accounts. */
function isPersonField(name: string): boolean {
  return name.startsWith('Person')
}
