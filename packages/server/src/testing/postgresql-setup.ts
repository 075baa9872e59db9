/**
 * Starts the PostgreSQL that tests run on: vitest runs the default export before them, and its answer after them. It does so
 * for each project, at the same moment, in one process but with modules of its own for each; the server is one.
 */
import type { TestProject } from 'vitest/node'
import { openDatabase } from '../database/index.ts'
import { runSql, startThrowawayPostgresql, type ThrowawayPostgresql } from '../database/throwaway-postgresql.ts'
import { EMPTY } from './postgresql.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of the server. */
    postgresql: string
  }
}

declare global {
  var postgresqlOfTests: Promise<ThrowawayPostgresql> | undefined
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const isFirst = globalThis.postgresqlOfTests === undefined
  globalThis.postgresqlOfTests ??= startWithEmptyDatabase()
  const server = await globalThis.postgresqlOfTests
  project.provide('postgresql', server.url('postgres'))
  return isFirst ? server.stop : async () => {}
}

async function startWithEmptyDatabase(): Promise<ThrowawayPostgresql> {
  const server = await startThrowawayPostgresql()
  try {
    await runSql(server.url('postgres'), `CREATE DATABASE ${EMPTY}`)
    await (await openDatabase(server.url(EMPTY))).close()
    return server
  } catch (error) {
    await server.stop()
    throw error
  }
}
