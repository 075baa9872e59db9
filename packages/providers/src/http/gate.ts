/** What the processes that call one CRM share: how many calls are under way in all, and for how long it wants none. */

export interface CallGate {
  enter(call: GateCall): Promise<GateEntry>
}

export interface GateCall {
  /** Calls that may be under way in all processes together. */
  most: number
  /** How long the place is kept where nobody gives it back, in milliseconds: a process may die with it. */
  forMs: number
  /** For how long the CRM wants to be left alone as far as the caller knows, in milliseconds; the others are told. */
  heldMs: number
}

export interface GateEntry {
  /** Null: the call may not go yet. */
  place: GatePlace | null
  /** For how long the CRM wants to be left alone as far as anybody knows, in milliseconds. Where that is so, there is no place. */
  heldMs: number
}

export interface GatePlace {
  /** @param heldMs as in `GateCall`, after the call; it is told to the others with what is given back */
  leave(heldMs: number): void
}

/** There is nobody else. */
export const noGate: CallGate = {
  enter: async () => ({ place: { leave() {} }, heldMs: 0 }),
}
