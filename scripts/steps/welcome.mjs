/**
 * What a person reads when everything runs.
 *
 * @param {ReturnType<typeof import('./settings.mjs').startSettings>} settings
 * @param {import('./serve.mjs').Ready} ready
 */
export function welcome(settings, ready) {
  const gateway = settings.address.replace('//127.0.0.1:', '//localhost:')
  const lines = [
    '',
    'Backchannel is running.',
    '',
    ...(settings.production ? [] : [`  GraphiQL     ${gateway}/graphql`]),
    `  Admin        ${gateway}/admin`,
    ...signIn(ready),
  ]
  if (ready.emulated) {
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

/**
 * How to sign in, where we know it. The demo's owner is not shown any more once a real org is connected.
 *
 * @param {import('./serve.mjs').Ready} ready
 */
function signIn({ emulated, owner, ownerExists, firstRun }) {
  if (firstRun) return [`  Make the first owner   ${firstRun}`]
  if (!owner || (owner.password && !emulated)) return []
  if (ownerExists) {
    const drawn = owner.password && `${owner.password}${owner.isNew ? '' : '   (unless it was changed)'}`
    return [`  Sign in as   ${owner.email}   ${drawn ?? '(with the ADMIN_PASSWORD that it was made with)'}`]
  }
  const usual = '  Sign in with the account that was made when this data folder was first used.'
  if (owner.password) return [usual]
  return [usual, `  There is none of ${owner.email}: ADMIN_EMAIL makes an account in an empty data folder only.`]
}
