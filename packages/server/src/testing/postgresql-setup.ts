/** Starts the PostgreSQL that tests run on: vitest runs the default export before them, and its answer after them. */
import type { TestProject } from 'vitest/node'
import { openDatabase } from '../database/index.ts'
import { runSql, startThrowawayPostgresql } from '../database/throwaway-postgresql.ts'
import { EMPTY } from './postgresql.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of the server. */
    postgresql: string
  }
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const server = await startThrowawayPostgresql()
  try {
    const url = server.url('postgres')
    await runSql(url, `CREATE DATABASE ${EMPTY}`)
    await (await openDatabase(server.url(EMPTY))).close()
    project.provide('postgresql', url)
    return server.stop
  } catch (error) {
    await server.stop()
    throw error
  }
}
