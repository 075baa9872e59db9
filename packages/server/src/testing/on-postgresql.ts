/** Has the tests of a process run on PostgreSQL: vitest runs it before each file of those projects. */
import { inject } from 'vitest'
import { makeDatabasesOn } from './make-database.ts'

makeDatabasesOn(inject('postgresql'))
