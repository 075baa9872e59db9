import { Anchor, Checkbox, Text } from '@mantine/core'
import type { PushRow_PushFragment } from '../../graphql/generated/graphql.ts'
import { graphql } from '../../graphql/generated/index.ts'
import { AnchorLink } from '../../ui/link.tsx'
import { Moment } from '../../ui/moment.tsx'
import { RecordLink } from '../../ui/record-link.tsx'
import { NextAttempt } from './next-attempt.tsx'
import { PushActions } from './push-actions.tsx'
import classes from './pushes.module.css'
import { StatusBadge } from './status-badge.tsx'

export const PushRow_Push = graphql(`
  fragment PushRow_Push on Push {
    id
    status
    createdAt
    subject
    attempts
    nextAttemptAt
    error { code message }
    conversation { id channel externalId }
    tag { id reference { name entityName url integration { id name } } }
    activities { part url closed }
  }
`)

interface PushRowProps {
  push: PushRow_PushFragment
  isSelected: boolean
  onSelect: (isSelected: boolean) => void
  onShow: (id: string, status: PushRow_PushFragment['status']) => void
}

/** One push of the list: what goes where, how far it is, and what can be done. */
export function PushRow({ push, isSelected, onSelect, onShow }: PushRowProps) {
  const { id, status, createdAt, error, conversation, tag, activities } = push
  const { reference } = tag
  const title = titleOf(push)
  return (
    <li className={classes['row']} aria-label={title}>
      <Checkbox
        className={classes['check']}
        aria-label={`Select ${title}`}
        checked={isSelected}
        onChange={(event) => onSelect(event.currentTarget.checked)}
      />
      <div className={classes['main']}>
        <div className={classes['facts']}>
          <AnchorLink to="/pushes/$pushId" params={{ pushId: id }} fw={600} c="inherit" underline="hover">
            {title}
          </AnchorLink>
          <StatusBadge status={status} />
        </div>
        <Text size="sm" component="div" className={classes['facts']}>
          <span>
            to <RecordLink reference={reference} /> in {reference.integration.name}
          </span>
          <AnchorLink to="/conversations/$conversationId" params={{ conversationId: conversation.id }} inherit>
            {conversation.channel === 'SMS' ? 'SMS' : 'Chat'} {conversation.externalId}
          </AnchorLink>
          {activities.map(({ part, url, closed }) => (
            <Anchor key={part} href={url} target="_blank" rel="noreferrer" inherit>
              Activity{activities.length > 1 && ` ${part}`} in the CRM{closed && ' (completed)'}
            </Anchor>
          ))}
        </Text>
        {error && (
          <Text size="sm" className={classes['error']}>
            {error.message}
          </Text>
        )}
        <NextAttempt push={push} />
      </div>
      <div className={classes['side']}>
        <Text size="sm" c="dimmed">
          <Moment at={createdAt} />
        </Text>
        <PushActions push={push} title={title} onShow={onShow} />
      </div>
    </li>
  )
}

/** What a push is called where its activity has no subject yet. */
export function titleOf({ subject, conversation }: Pick<PushRow_PushFragment, 'subject' | 'conversation'>): string {
  return subject ?? (conversation.channel === 'SMS' ? 'Text messages' : 'Chat')
}
