/** The states of a push: their words and looks, and what a person can do about each. */
import {
  IconAlertTriangle,
  IconCheck,
  IconClock,
  IconPlugConnectedX,
  IconRefresh,
  IconSend,
  IconTrash,
  IconX,
  type TablerIcon,
} from '@tabler/icons-react'
import type { PushStatus } from '../../graphql/generated/graphql.ts'

interface StatusWords {
  label: string
  /** What it means, in a sentence. */
  about: string
  color: 'gray' | 'indigo' | 'green' | 'orange' | 'red'
  icon: TablerIcon
  canRetry: boolean
  canDiscard: boolean
}

const undone = { canRetry: false, canDiscard: true }
const troubled = { canRetry: true, canDiscard: true }
const done = { canRetry: false, canDiscard: false }

/** In the order in which they are offered: what needs a person comes first. */
export const pushStatuses: Readonly<Record<PushStatus, StatusWords>> = {
  FAILED: { ...troubled, label: 'Failed', about: 'It needs a person.', color: 'red', icon: IconX },
  RETRYING: {
    ...troubled,
    ...{
      label: 'Tried again soon',
      about: 'It failed and is tried again by itself.',
      color: 'orange',
      icon: IconRefresh,
    },
  },
  PARTIAL: {
    ...{ canRetry: true, canDiscard: false, label: 'Delivered in part', color: 'orange', icon: IconAlertTriangle },
    about: 'The text is in the CRM; something beside it could not be done.',
  },
  WAITING_FOR_INTEGRATION: {
    ...undone,
    ...{ label: 'Waits for the CRM', color: 'orange', icon: IconPlugConnectedX },
    about: 'The CRM is disconnected. It goes on by itself when it is connected again.',
  },
  WAITING_FOR_END: {
    ...undone,
    ...{ label: 'Waits for the end of the chat', color: 'gray', icon: IconClock },
    about: 'The chat still runs. It is delivered by itself when it has ended.',
  },
  QUEUED: { ...troubled, label: 'Next in line', about: 'It is next.', color: 'indigo', icon: IconClock },
  DELIVERING: { ...undone, label: 'Being delivered', about: 'It is under way.', color: 'indigo', icon: IconSend },
  DELIVERED: { ...done, label: 'Delivered', about: 'The CRM holds all of it.', color: 'green', icon: IconCheck },
  DISCARDED: {
    ...{ canRetry: true, canDiscard: false, label: 'Given up', color: 'gray', icon: IconTrash },
    about: 'A person gave it up, or took the record off before it was delivered.',
  },
}

export function isPushStatus(text: string): text is PushStatus {
  return Object.hasOwn(pushStatuses, text)
}

/** All states, in their order. */
export const allPushStatuses = Object.keys(pushStatuses).filter(isPushStatus)
