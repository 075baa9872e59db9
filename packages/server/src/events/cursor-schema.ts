/** The cursor of a subscription in GraphQL: the id of an event, behind which a client goes on. */
import { GraphQLError } from 'graphql'
import { builder } from '../builder.ts'
import type { EventBus } from './bus.ts'

/** The arguments that every subscription has. */
export const cursorArgs = builder.args((t) => ({
  after: t.id({
    description: 'Begin behind this event, so that nothing is missed; with the next one, where it is left out.',
  }),
}))

/**
 * Reads `after`. Events are kept for a while only: a client that was away for longer is told so, rather than left to
 * believe that nothing had happened.
 *
 * @throws GraphQLError BAD_USER_INPUT for what is no cursor, CURSOR_EXPIRED where events behind it are gone
 */
export async function readCursor(
  after: string | number | null | undefined,
  events: Pick<EventBus, 'bounds'>,
): Promise<number | null> {
  if (after == null) return null
  const text = String(after)
  if (!/^\d{1,15}$/.test(text)) {
    throw new GraphQLError('`after` is the id of an event that you received.', {
      extensions: { code: 'BAD_USER_INPUT' },
    })
  }
  const cursor = Number(text)
  const { oldest, newest } = await events.bounds()
  if (cursor + 1 < oldest || cursor > newest) {
    throw new GraphQLError(
      'Events behind this one are not kept any more. Read the state anew, and subscribe without `after`.',
      {
        extensions: { code: 'CURSOR_EXPIRED' },
      },
    )
  }
  return cursor
}
