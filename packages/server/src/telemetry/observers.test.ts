import { OperationTypeNode } from 'graphql'
import { expect, test } from 'vitest'
import { badRequest } from '../http/refusal.ts'
import type { OperationOutcome } from './metrics.ts'
import { operationObserver } from './observers.ts'

async function outcomeOf(work: () => Promise<never>): Promise<OperationOutcome[]> {
  const told: OperationOutcome[] = []
  const observer = operationObserver({
    operationEnded: (_kind, outcome) => void told.push(outcome),
    cache: () => () => {},
  })
  const operation = { type: OperationTypeNode.QUERY, name: null, requestId: 'r' } as const
  await expect(observer.run(operation, work)).rejects.toThrow()
  return told
}

test('what asked for too much is counted as refused to its caller, and only the unforeseen as a fault of ours', async () => {
  expect(await outcomeOf(() => Promise.reject(badRequest('Too much')))).toEqual(['errors'])
  expect(await outcomeOf(() => Promise.reject(new TypeError('x is undefined')))).toEqual(['failed'])
})
