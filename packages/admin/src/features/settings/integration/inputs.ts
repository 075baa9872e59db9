/** Inputs of the form that show what is wrong with them, by their paths below `input`. */
const shown =
  /^(activityTypeName|subjectSuffix|session\w+|autoSmsPush\.(entityTypeId|field)|autoChatPush\.rules(\.\d+\.(entityTypeId|field))?)$/

/** The input that a fault is shown at. */
export function inputOf([_input, ...path]: readonly string[]): string | undefined {
  const name = path.join('.')
  return shown.test(name) ? name : undefined
}
