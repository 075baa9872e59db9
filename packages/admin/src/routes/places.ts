import {
  IconAddressBook,
  IconBuilding,
  IconClipboardList,
  IconCode,
  IconKey,
  IconMessages,
  IconPlugConnected,
  IconSend,
  IconUsers,
} from '@tabler/icons-react'

/** What the navigation leads to, in its order; `group` begins a new group. */
export const places = [
  { to: '/integrations/{-$crm}', label: 'Integrations', icon: IconPlugConnected, within: '/settings' },
  { to: '/pushes', label: 'Pushes', icon: IconSend },
  { to: '/conversations', label: 'Conversations', icon: IconMessages },
  { to: '/api-keys', label: 'API keys', icon: IconKey, group: 'Access' },
  { to: '/developers', label: 'For developers', icon: IconCode },
  { to: '/members', label: 'Members', icon: IconUsers },
  { to: '/audit', label: 'Audit log', icon: IconClipboardList, onlyOwners: true },
  { to: '/workspace', label: 'Workspace', icon: IconBuilding },
  { to: '/account', label: 'Your account', icon: IconAddressBook },
] as const
