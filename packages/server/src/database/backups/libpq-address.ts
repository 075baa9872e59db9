/** What PostgreSQL's own programs are told of the address that the servers use, whose driver knows other words. Pure. */

/** What libpq knows beside the place of the database. What the driver or Prisma alone know, it refuses. */
const KNOWN = new Set(
  `
  application_name channel_binding client_encoding connect_timeout fallback_application_name gssdelegation gssencmode
  gsslib host hostaddr keepalives keepalives_count keepalives_idle keepalives_interval krbsrvname load_balance_hosts
  options passfile password port require_auth requirepeer service ssl ssl_max_protocol_version
  ssl_min_protocol_version sslcert sslcertmode sslcompression sslcrl sslcrldir sslkey sslmode sslnegotiation
  sslpassword sslrootcert sslsni target_session_attrs tcp_user_timeout user
  `
    .trim()
    .split(/\s+/),
)

/**
 * @param url as `DATABASE_URL` has it
 * @param options of a session, where the address brings none
 * @returns an address without its password, which reaches all workspaces
 */
export function libpqAddress(url: string, options: string): { address: string; password: string } {
  const address = new URL(url)
  const { searchParams } = address
  const password = searchParams.get('password') ?? decodeURIComponent(address.password)
  address.password = ''
  searchParams.delete('password')
  for (const name of [...searchParams.keys()]) if (!KNOWN.has(name)) searchParams.delete(name)
  if (searchParams.get('sslmode') === 'no-verify') searchParams.set('sslmode', 'require')
  // Settings in the address hide those of PGOPTIONS, so that both are said there, and ours behind them.
  const given = searchParams.get('options') ?? options
  searchParams.set('options', `${given} -c backchannel.workspace=*`.trim())
  // PostgreSQL's programs read a plus in an address as a plus.
  address.search = address.search.replaceAll('+', '%20')
  return { address: address.href, password }
}
