/** User and password in an address, as operators write them. Pure. */

/** What they are told where a sign of theirs may be why an address is not understood as they meant it. */
export const SIGNS_OF_PASSWORDS = 'in a password write @ : / ? # % as %40 %3A %2F %3F %23 %25'

/** Whether user and password can be read, and end where whoever wrote them meant. */
export function isUserReadable({ username, password, pathname, searchParams, hash }: URL): boolean {
  // A sign that ends them early leaves their @ to what comes behind.
  const goesOn = [pathname, ...searchParams.keys()].some((part) => part.includes('@'))
  return hash === '' && !goesOn && decodes(username) && decodes(password)
}

function decodes(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}
