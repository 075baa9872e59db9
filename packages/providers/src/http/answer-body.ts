/** Reads the body of an answer within bounds: what a CRM sends may cost no more than it is worth. */
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { type Dispatcher, errors } from 'undici'
import { nestsDeeperThan } from './nesting.ts'

/** Packed or not. An org's whole metadata is a fraction of it. */
export const maxBodyBytes = 32 * 1024 * 1024
/** Several times what any CRM's JSON has; who walks through an answer later does so on the stack. */
const maxNesting = 64

const unzip = promisify(gunzip)

/** The server answered, and the answer is nothing that may be read. */
export class UnusableBody extends Error {
  override readonly name = 'UnusableBody'
}

/** @throws UnusableBody where it is too large, or nests too deep */
export async function readBody(answer: Dispatcher.ResponseData): Promise<string> {
  const bytes = await readBytes(answer).catch((error: unknown) => {
    throw isTooLarge(error) ? new UnusableBody(`larger than ${maxBodyBytes / 1024 / 1024} MB`, { cause: error }) : error
  })
  // What begins with a bracket of a page is no JSON, and its brackets are not counted like those of JSON.
  if (bytes[0] !== 0x3c && nestsDeeperThan(maxNesting, bytes)) {
    throw new UnusableBody(`nested deeper than ${maxNesting} levels`)
  }
  return new TextDecoder().decode(bytes)
}

async function readBytes(answer: Dispatcher.ResponseData): Promise<Uint8Array> {
  const packed = new Uint8Array(await answer.body.arrayBuffer())
  if (answer.headers['content-encoding'] !== 'gzip' || packed.byteLength === 0) return packed
  return unzip(packed, { maxOutputLength: maxBodyBytes })
}

function isTooLarge(error: unknown): boolean {
  if (error instanceof errors.ResponseExceededMaxSizeError) return true
  return error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
}
