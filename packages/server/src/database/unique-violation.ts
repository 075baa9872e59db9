import { Prisma } from '../generated/prisma/client.ts'

/** Whether a write was refused because a row with the same unique values is there already. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002'
}
