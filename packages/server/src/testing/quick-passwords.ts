import { createPasswords } from '../members/password.ts'

/** Passwords as every server keeps them, at a cost of some milliseconds: tests sign in hundreds of times. */
export const quickPasswords = createPasswords(6)
