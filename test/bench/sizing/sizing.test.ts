import { expect, test } from 'vitest'
import { type Load, type Means, type Measured, sizeOf } from './sizing.ts'

const load: Load = {
  workspaces: 10,
  agents: 100,
  messagesPerDay: 86_400,
  messagesPerConversation: 10,
  smsShare: 0.5,
  tagsPerConversation: 1,
  searchesPerConversation: 1,
  peakHourShare: 1 / 24,
  peakMinuteFactor: 1,
  largestShare: 0.5,
  retentionDays: 30,
  crmSeconds: 0.5,
}
const measured: Measured = {
  bytes: { conversation: 1_000, message: 500, tag: 300, push: 400, activity: 300, event: 100 },
  messageContentBytes: 200,
  eventsPerMessage: 1,
  eventsPerPush: 3,
  callsPerFirstWrite: 2,
  callsPerLaterWrite: 2,
  cpuUsPerSearch: 1_000,
  cpuUsPerMessage: 1_000,
}
const means: Means = {
  gateways: 1,
  workers: 1,
  connectionsPerProcess: 10,
  mostConnections: 100,
  placesPerWorker: 32,
  placesPerIntegration: 5,
  eventDays: 7,
  dynamicsCallsPerFiveMinutes: 6_000,
  salesforceCallsPerDay: 100_000,
  salesforceCallsPerLicence: 1_000,
}

test('an even day of one message a second comes to its rates, and pushes under way to rate times time', () => {
  const size = sizeOf(load, measured, means)
  expect(size.messagesPerSecond).toBeCloseTo(1)
  // A tenth by new conversations, a half by later messages; each takes two calls of half a second.
  expect(size.writesPerSecond).toBeCloseTo(0.6)
  expect(size.underWay).toBeCloseTo(0.6)
  expect(size.crmCallsPerDay).toBeCloseTo(0.6 * 86_400 * 2)
})

test('what is short of its limit by most stands first', () => {
  const [scarce] = sizeOf({ ...load, crmSeconds: 60 }, measured, means).needs
  expect(scarce?.what).toBe('pushes under way, largest workspace')
  const [calls] = sizeOf({ ...load, agents: 0 }, measured, { ...means, salesforceCallsPerDay: 10 }).needs
  expect(calls?.what).toBe('Salesforce, largest workspace, a day')
})

test('words that go when their retention is over do not grow for ever, and neither do events', () => {
  const size = sizeOf(load, measured, means)
  expect(size.gigabytesGoAgain).toBeCloseTo((86_400 * 200 * 30) / 1e9)
  expect(size.gigabytesOfEvents).toBeCloseTo(((86_400 + 0.6 * 86_400 * 3) * 100 * 7) / 1e9)
})
