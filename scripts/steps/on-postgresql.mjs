/** Which tests run on PostgreSQL beside SQLite, as patterns of files. */

/** In every run: what most depends on the database, and what was seen to fail first where the two differ. */
const most = {
  server: [
    'conversations/service',
    'database/{sameness,workspace-guard}',
    'erasure/service',
    'events/bus',
    'integrations/sessions',
    'integrations/sign-in-store',
    'members/operator-command',
    'pushes/parking',
    'pushes/keyless',
    'pushes/{tagging,worker}',
    'records/{create,intent-store}',
    'secrets/rotation',
    'settings/{service,store}',
    'upkeep/{prune,far-times,visitor-keys}',
    'viewers/viewers',
    'workspaces/service',
  ],
  // Whoever creates, tags and pushes in both CRMs; what keeps workspaces apart; what tells of it afterwards.
  whole: ['gateway/{audit-access,create-record,members,nul,workspaces-apart}', 'pushes/text-survives'],
}

/** What is about SQLite itself: its files, its locks, its ways of planning a query, and the move away from it. */
const ofSqlite = {
  server: ['database/{sqlite,hot-queries}'],
  whole: ['gateway/locked-database', 'instances/move-to-postgresql'],
}

/**
 * All that need a database where `npm run test:postgresql` asks for them.
 *
 * @returns {Record<'server' | 'whole', { include: string[], exclude: string[] }>}
 */
export function onPostgresql() {
  const all = process.env['TEST_DATABASE'] === 'postgresql'
  const files = (/** @type {string} */ folder, /** @type {string[]} */ names) =>
    names.map((name) => `${folder}${name}.test.ts`)
  return {
    server: {
      include: files('src/', all ? ['**/*'] : [...most.server, '**/*.postgresql']),
      exclude: files('src/', ofSqlite.server),
    },
    whole: {
      include: files(
        '',
        all ? ['{gateway,pushes,instances,rules,injection,hostile,admin,providers}/**/*'] : most.whole,
      ),
      exclude: files('', ofSqlite.whole),
    },
  }
}
