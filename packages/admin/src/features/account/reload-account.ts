/**
 * Loads the page anew after the session was renewed: what was open with the one before, such as live events, has ended.
 *
 * @param changed what the page tells is done
 */
export function reloadAccount(changed: 'password' | 'second-factor'): null {
  window.location.assign(`/admin/account?changed=${changed}`)
  return null
}
