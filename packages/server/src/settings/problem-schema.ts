/** What of an integration needs a person, in GraphQL: its connection and its settings. */
import { builder } from '../builder.ts'
import { IntegrationRef } from '../integrations/schema.ts'
import type { IntegrationProblem } from '../integrations/snapshot.ts'
import { ErrorCodeEnum } from '../shared/error-code-schema.ts'
import { type SettingProblem, settingProblems } from './problems.ts'
import { SettingsSectionEnum } from './section-schema.ts'

/** What is kept of an integration itself stems from its connection. */
const ofConnection = { settingIds: [], section: 'CONNECTION' } as const

const IntegrationProblemRef = builder
  .objectRef<(IntegrationProblem & typeof ofConnection) | SettingProblem>('IntegrationProblem')
  .implement({
    description: 'What does not work, or works less well than it could.',
    fields: (t) => ({
      code: t.field({
        type: ErrorCodeEnum,
        description: 'The cause, for programs. VALIDATION: a setting that would be refused now.',
        resolve: (it) => it.code,
      }),
      message: t.exposeString('message', { description: 'The cause and what to do about it.' }),
      since: t.field({ type: 'DateTime', description: 'When it was found.', resolve: ({ since }) => since }),
      settingIds: t.idList({
        description: 'The global IDs of the settings that are touched; all others go on.',
        resolve: ({ settingIds }) => [...settingIds],
      }),
      section: t.field({
        type: SettingsSectionEnum,
        nullable: true,
        description: 'Where an admin can mend it.',
        resolve: ({ section }) => section,
      }),
    }),
  })

builder.objectField(IntegrationRef, 'problems', (t) =>
  t.field({
    type: [IntegrationProblemRef],
    authScopes: { service: true },
    description: 'What needs a person, or works less well than it could.',
    resolve: (integration) => [
      ...integration.problems.map((problem) => ({ ...problem, ...ofConnection })),
      ...settingProblems(integration),
    ],
  }),
)
