import { Prisma } from '../generated/prisma/client.ts'

/** Whether a write was refused because a row that it belongs to is gone. */
export function isForeignKeyViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2003'
}
