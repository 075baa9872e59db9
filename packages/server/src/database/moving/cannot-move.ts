/** Something is in the way of moving; nothing was changed. The message says what it is, and what to do. */
export class CannotMoveError extends Error {
  override readonly name = 'CannotMoveError'
}
