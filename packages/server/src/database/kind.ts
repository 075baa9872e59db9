/** Whether a client speaks to PostgreSQL, for the few things that one of the databases has to be asked otherwise. */
export function isOnPostgresql(prisma: object): boolean {
  return Reflect.get(prisma, '_activeProvider') === 'postgresql'
}

/** Beside `contains`: case does not count. SQLite compares so by itself, in ASCII as this does, and knows no such word. */
export const anyCase = (prisma: object): object => (isOnPostgresql(prisma) ? { mode: 'insensitive' } : {})
