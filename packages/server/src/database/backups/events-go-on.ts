/**
 * What is run once after a restore, as SQL: the ids of events go on far behind those that were given out since the backup
 * was made. A subscriber who comes back with one of them is told to read anew, rather than left to believe that it
 * missed nothing.
 */
export const eventsGoOn = {
  sqlite: `DELETE FROM "Event"; UPDATE sqlite_sequence SET seq = seq + 1000000000 WHERE name = 'Event'`,
  postgresql: `TRUNCATE "Event"; SELECT setval('"Event_id_seq"', (SELECT last_value FROM "Event_id_seq") + 1000000000)`,
} as const
