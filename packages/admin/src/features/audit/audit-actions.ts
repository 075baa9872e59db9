/** What the audit log tells of, in words. Pure. */
const actions = {
  SIGNED_IN: 'Signed in',
  SIGN_IN_REFUSED: 'Sign-in refused',
  SIGNED_OUT: 'Signed out',
  SIGNED_OUT_EVERYWHERE: 'Signed out everywhere',
  PASSWORD_CHANGED: 'Password changed',
  SECOND_FACTOR_TURNED_ON: 'Second factor turned on',
  SECOND_FACTOR_TURNED_OFF: 'Second factor turned off',
  MEMBER_INVITED: 'Member invited',
  INVITE_WITHDRAWN: 'Invite withdrawn',
  MEMBER_JOINED: 'Member joined',
  ROLE_CHANGED: 'Role changed',
  MEMBER_REMOVED: 'Member removed',
  KEY_CREATED: 'API key created',
  KEY_REVOKED: 'API key revoked',
  KEYS_ROTATED: 'Encryption keys changed',
  WORKSPACE_CREATED: 'Workspace created',
  WORKSPACE_CHANGED: 'Workspace changed',
  INTEGRATION_CONNECTED: 'Integration connected',
  INTEGRATION_DISCONNECTED: 'Integration disconnected',
  SETTINGS_CHANGED: 'Settings changed',
  SETTINGS_IMPORTED: 'Settings imported',
  SETTINGS_RESTORED: 'Settings restored',
  RECORD_CREATED: 'Record created',
  RECORD_NOT_CREATED: 'Record not created',
  RECORD_TAGGED: 'Record tagged',
  RECORD_UNTAGGED: 'Record taken off',
  PUSH_RETRIED: 'Push retried',
  PUSH_DISCARDED: 'Push discarded',
  VISITOR_ERASED: 'Visitor erased',
} as const

/** For a choice, in the order of the list above. */
export const actionChoices = Object.entries(actions).map(([value, label]) => ({ value, label }))

/** An action that this version of the app does not know is shown as it is named. */
export function actionText(action: string): string {
  return actionChoices.find(({ value }) => value === action)?.label ?? action
}
