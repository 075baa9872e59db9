/** `contoso-settings-2026-03-01.json`, by the workspace's day. */
export function fileName(orgName: string, at: Date, timeZone: string): string {
  // Swedes write dates as ISO 8601 does.
  const day = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone }).format(at)
  const org = orgName
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
  return `${org || 'org'}-settings-${day}.json`
}
