import type { DisconnectButton_QueryQuery } from '../../graphql/generated/graphql.ts'
import { openPushes } from './open-pushes.ts'

type Used = NonNullable<DisconnectButton_QueryQuery['integration']>
type Counts = DisconnectButton_QueryQuery['pushes']['counts']

/** What an org that is disconnected does not do any more, of what it does now. Pure. */
export function whatStops({ entityTypes, settings }: Used, counts: Counts): string[] {
  const named = (wanted: (it: Used['entityTypes'][number]) => boolean) =>
    new Intl.ListFormat('en', { type: 'conjunction' }).format(
      entityTypes.filter(wanted).map(({ displayName }) => displayName),
    )
  const searched = named(({ searchable }) => searchable)
  const created = named(({ creatable }) => creatable)
  const { waiting } = openPushes(counts)
  return [
    searched && `Agents cannot search ${searched} in it, nor open their records.`,
    created && `Agents cannot create ${created} in it.`,
    'No conversation can be tagged to its records.',
    settings.autoSmsPush.enabled && 'Text messages are not tagged by themselves.',
    settings.autoChatPush.enabled && 'No match is offered for a chat.',
    settings.fetchCrmData && 'The names of people who send text messages are not looked up.',
    waiting === 0
      ? 'What is pushed later waits. Nothing is on the way to it now.'
      : `${waiting === 1 ? '1 push that is on the way waits' : `${waiting} pushes that are on the way wait`}, and so does what is pushed later.`,
  ].filter((line): line is string => typeof line === 'string' && line !== '')
}
