/**
 * What a person reads when everything runs.
 *
 * @param {ReturnType<typeof import('./settings.mjs').startSettings>} settings
 * @param {{ email: string, password: string | undefined } | undefined} signIn
 */
export function welcome(settings, signIn) {
  const gateway = settings.address.replace('//127.0.0.1:', '//localhost:')
  const lines = [
    '',
    'Backchannel is running.',
    '',
    `  GraphiQL     ${gateway}/graphql`,
    `  Admin        ${gateway}/admin`,
  ]
  if (signIn) lines.push(`  Sign in as   ${signIn.email}   ${signIn.password ?? '(with your ADMIN_PASSWORD)'}`)
  if (settings.emulator) {
    lines.push(
      '',
      'Both CRMs are emulated: the people in them are invented and no network is used.',
      `  Dynamics 365 http://127.0.0.1:${settings.dynamicsPort}`,
      `  Salesforce   http://127.0.0.1:${settings.salesforcePort}`,
    )
  }
  lines.push('', 'Ctrl-C ends it.', '')
  return lines.join('\n')
}
