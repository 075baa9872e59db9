/** What an installation of a size needs: rows, growth, rates, connections, places and calls, from what was measured. Pure. */

/** How much an installation is used. */
export interface Load {
  workspaces: number
  agents: number
  messagesPerDay: number
  messagesPerConversation: number
  /** Of the conversations: those that are SMS, whose messages are written as they come; chats are written at their end. */
  smsShare: number
  /** Records that a conversation is tagged to, on average. */
  tagsPerConversation: number
  searchesPerConversation: number
  /** The part of a day that its busiest hour has. */
  peakHourShare: number
  /** How much busier than that hour's average its busiest minute is. */
  peakMinuteFactor: number
  /** The part of it all that the largest workspace has. */
  largestShare: number
  /** For how many days the words of a conversation are kept. */
  retentionDays: number
  /** How long a CRM takes to answer, in seconds. */
  crmSeconds: number
}

/** Measured on one machine: bytes with their indexes, microseconds of processor time, calls and rows for each. */
export interface Measured {
  bytes: { conversation: number; message: number; tag: number; push: number; activity: number; event: number }
  /** The part of a message that goes when its retention is over. */
  messageContentBytes: number
  eventsPerMessage: number
  eventsPerPush: number
  callsPerFirstWrite: number
  callsPerLaterWrite: number
  cpuUsPerSearch: number
  cpuUsPerMessage: number
}

/** What one installation has: as many as are started, and what the vendors allow. */
export interface Means {
  gateways: number
  workers: number
  /** Connections of each process, and of the database. */
  connectionsPerProcess: number
  mostConnections: number
  placesPerWorker: number
  placesPerIntegration: number
  /** Days for which events are kept. */
  eventDays: number
  /** A user of Dynamics 365: requests in any five minutes, of each of its servers. */
  dynamicsCallsPerFiveMinutes: number
  /** A Salesforce org of Enterprise edition: calls in 24 hours, and more for each licence. */
  salesforceCallsPerDay: number
  salesforceCallsPerLicence: number
}

export interface Need {
  what: string
  needed: number
  given: number
  unit: string
}

export interface Sizing {
  rowsPerDay: { messages: number; conversations: number; pushes: number; events: number }
  /** Growth of the database in a day, what of it goes after the retention, and what events hold at a time. */
  gigabytesPerDay: number
  gigabytesGoAgain: number
  gigabytesOfEvents: number
  messagesPerSecond: number
  searchesPerSecond: number
  writesPerSecond: number
  /** Pushes that are under way at a time in the busiest minute, by Little's law. */
  underWay: number
  crmCallsPerDay: number
  /** The scarcest first. */
  needs: Need[]
}

const DAY_HOURS = 24
const GIGA = 1e9

export function sizeOf(load: Load, measured: Measured, means: Means): Sizing {
  const conversations = load.messagesPerDay / load.messagesPerConversation
  const pushes = conversations * load.tagsPerConversation
  // An SMS conversation is written at each message, once it is tagged; a chat once.
  const laterWrites = load.messagesPerDay * load.smsShare * load.tagsPerConversation
  const calls = pushes * measured.callsPerFirstWrite + laterWrites * measured.callsPerLaterWrite
  const events = load.messagesPerDay * measured.eventsPerMessage + (pushes + laterWrites) * measured.eventsPerPush
  const { bytes } = measured
  const keptPerDay =
    conversations * bytes.conversation +
    load.messagesPerDay * bytes.message +
    pushes * (bytes.tag + bytes.push + bytes.activity)

  const peakHour = load.peakHourShare * DAY_HOURS
  const atPeak = (perDay: number) => (perDay / 86_400) * peakHour * load.peakMinuteFactor
  const messagesPerSecond = atPeak(load.messagesPerDay)
  const searchesPerSecond = atPeak(conversations * load.searchesPerConversation)
  const writesPerSecond = atPeak(pushes + laterWrites)
  const secondsPerWrite = (calls / (pushes + laterWrites)) * load.crmSeconds
  const underWay = writesPerSecond * secondsPerWrite
  const cores = (messagesPerSecond * measured.cpuUsPerMessage + searchesPerSecond * measured.cpuUsPerSearch) / 1e6
  const processes = means.gateways + means.workers
  const largest = { calls: calls * load.largestShare, agents: load.agents * load.largestShare }

  const needs: Need[] = [
    { what: 'processors of gateways and workers', needed: cores, given: processes, unit: 'cores' },
    {
      what: 'pushes under way, all workers',
      needed: underWay,
      given: means.workers * means.placesPerWorker,
      unit: 'places',
    },
    {
      what: 'pushes under way, largest workspace',
      needed: underWay * load.largestShare,
      given: means.placesPerIntegration,
      unit: 'places',
    },
    {
      what: 'connections of the database',
      needed: processes * means.connectionsPerProcess,
      given: means.mostConnections,
      unit: 'connections',
    },
    {
      what: 'Dynamics 365, largest workspace, busiest five minutes',
      needed: atPeak(largest.calls) * 300,
      given: means.dynamicsCallsPerFiveMinutes,
      unit: 'calls',
    },
    {
      what: 'Salesforce, largest workspace, a day',
      needed: largest.calls,
      given: means.salesforceCallsPerDay + largest.agents * means.salesforceCallsPerLicence,
      unit: 'calls',
    },
  ]
  return {
    rowsPerDay: { messages: load.messagesPerDay, conversations, pushes, events },
    gigabytesPerDay: keptPerDay / GIGA,
    gigabytesGoAgain: (load.messagesPerDay * measured.messageContentBytes * load.retentionDays) / GIGA,
    gigabytesOfEvents: (events * bytes.event * means.eventDays) / GIGA,
    messagesPerSecond,
    searchesPerSecond,
    writesPerSecond,
    underWay,
    crmCallsPerDay: calls,
    needs: needs.toSorted((a, b) => b.needed / b.given - a.needed / a.given),
  }
}
