/** Same port, on whatever name of this machine; a trailing slash names another audience, which only the API refuses. */
export function isThisOrg(resource: string, origin: string): boolean {
  if (!URL.canParse(resource)) return false
  const { port, hostname } = new URL(resource)
  const own = new URL(origin)
  const loopback = ['127.0.0.1', 'localhost', '[::1]']
  return (
    port === own.port && (hostname === own.hostname || (loopback.includes(hostname) && loopback.includes(own.hostname)))
  )
}
