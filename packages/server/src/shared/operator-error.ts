/** Something that whoever runs the server has to put right. The message says what is wrong and what to do; its place in the code helps nobody. */
export class OperatorError extends Error {
  override readonly name: string = 'OperatorError'
}
