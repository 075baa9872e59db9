/** WebSockets that are closed for what a message had too much of, and say which limit it was. */
import { WebSocket } from 'ws'
import type { LimitName } from './limit-values.ts'

const MESSAGE_TOO_BIG = 1009

/** The reason that a connection is closed with; such a reason has 123 bytes at most. */
export function closeReason(name: LimitName, most: number): string {
  return `LIMIT_EXCEEDED: ${name}, at most ${most}`
}

/** The class of connections that `ws` closes itself, and without a reason, where a message is larger than it may be. */
export function limitedSocket(bodyBytes: number): typeof WebSocket {
  return class extends WebSocket {
    override close(code?: number, reason?: string | Buffer): void {
      super.close(code, code === MESSAGE_TOO_BIG ? closeReason('bodyBytes', bodyBytes) : reason)
    }
  }
}
