/** What the navigation leads to, in its order. */
export const places = [
  { to: '/integrations/{-$crm}', label: 'Integrations' },
  { to: '/pushes', label: 'Pushes' },
  { to: '/conversations', label: 'Conversations' },
  { to: '/api-keys', label: 'API keys' },
  { to: '/developers', label: 'For developers' },
  { to: '/members', label: 'Members' },
  { to: '/workspace', label: 'Workspace' },
  { to: '/account', label: 'Your account' },
] as const
