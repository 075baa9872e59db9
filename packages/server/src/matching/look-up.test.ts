import { expect, test } from 'vitest'
import { unknownVisitor } from '../conversations/conversation.ts'
import { OutageError } from '../shared/errors.ts'
import { createLogger } from '../shared/logger.ts'
import { testIntegration } from '../testing/integration.ts'
import { createLookUp, type LookUpRequest } from './look-up.ts'

class Away extends OutageError {}

const integration = testIntegration('DYNAMICS', {}, { fetchCrmData: true })
const request: LookUpRequest = {
  facts: {
    ...{ id: 'thread', channel: 'SMS', status: 'ACTIVE', startedAt: new Date(0), variables: [] },
    visitor: { ...unknownVisitor, phone: '+1 432 555 0100' },
  },
  ...{ region: 'US', pause: undefined, signal: new AbortController().signal },
}

/** Both a description and a call fail so. */
function lookUpFailing(error: Error) {
  const fail = async () => {
    throw error
  }
  return createLookUp({
    integrations: { call: fail, describe: fail },
    logger: createLogger('silent'),
    now: Date.now,
  })(integration, request)
}

test('a CRM is not said to have failed where something of ours is away: the look-up is to be made again', async () => {
  await expect(lookUpFailing(new Away('gone'))).rejects.toThrow('gone')
  expect((await lookUpFailing(new Error('a fault'))).failure?.message).toBe('Something went wrong on our side.')
})
