import { describe, expect, it } from 'vitest'
import type { SearchTarget } from '../model/index.ts'
import { openScriptedDynamics, refusal } from '../testing/scripted-dynamics.ts'
import { kindOf } from './org.ts'

const key = '0d5c2f1e-6f0a-5b0e-9c51-2f6f3f1a7c11'
const nothingElse = { attributes: [], fields: [] }

describe.each(['constructor', '__proto__', 'toString'])('an entity type that is called %s', (entityName) => {
  it('is no standard table: it is looked for in the org, which lacks it', async () => {
    const { provider, data } = await openScriptedDynamics(() => refusal(404, '0x80060888'))
    expect(kindOf(entityName)).toBe('CUSTOM')
    expect(await provider.describeEntityType(entityName)).toBeNull()
    expect(await provider.findRecords(entityName, [key], nothingElse)).toEqual([null])

    const target: SearchTarget = { entityName, kind: 'CUSTOM', selection: nothingElse }
    const by = [{ identifier: 'EMAIL', value: 'ada@x.example' }] as const
    const found = await provider.searchRecords({ by, targets: [target], first: 5, region: 'US' })
    expect(found).toEqual({ matchedBy: null, targets: [{ entityName, matches: [], more: false }] })
    expect(data()).toHaveLength(0)
  })

  it('holds no record that an activity could be about', async () => {
    const { provider } = await openScriptedDynamics(({ path }) =>
      path.endsWith('/EntityDefinitions') ? { json: { value: [] } } : { status: 204 },
    )
    const filing = provider.fileActivity({
      key,
      activityType: { type: 'TASK' },
      regarding: { entityName, remoteId: key },
      subject: 'Chat',
      body: 'Ada: hello',
    })
    await expect(filing).rejects.toMatchObject({ name: 'ProviderError', code: 'NOT_FOUND' })
  })
})
