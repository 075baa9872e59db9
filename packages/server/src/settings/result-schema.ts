/** What a change of settings comes to, in GraphQL, and how a mutation asks for one. */
import { builder } from '../builder.ts'
import type { GatewayContext } from '../context.ts'
import { IntegrationRef } from '../integrations/schema.ts'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'
import { ConflictError, CrmError, NotAllowedError, NotFoundError, ValidationError } from '../shared/errors.ts'
import { encodeId } from '../shared/global-id.ts'
import type { SettingsRowType } from './rows-store.ts'
import type { SettingsChanged } from './service.ts'

interface SettingsSuccess {
  __typename: 'SettingsSuccess'
  integration: IntegrationSnapshot
  /** Global ID. */
  changedId: string | null
  warnings: readonly string[]
}

export const SettingsResult = builder.errorUnion('SettingsResult', {
  description: 'What changing settings can come to.',
  types: [
    builder.objectRef<SettingsSuccess>('SettingsSuccess').implement({
      description: 'It is changed.',
      fields: (t) => ({
        integration: t.field({ type: IntegrationRef, description: 'As it is now.', resolve: (it) => it.integration }),
        changedId: t.exposeID('changedId', {
          nullable: true,
          description: 'The global ID of what was added or changed, where it is one thing.',
        }),
        warnings: t.stringList({
          description: 'What was saved and still asks for a look.',
          resolve: (success) => [...success.warnings],
        }),
      }),
    }),
    ValidationError,
    NotAllowedError,
    NotFoundError,
    ConflictError,
    CrmError,
  ],
})

/** @param typename what `changedId` is of */
export async function success(changed: Promise<SettingsChanged>, typename?: string): Promise<SettingsSuccess> {
  const { integration, changedId, warnings } = await changed
  return {
    __typename: 'SettingsSuccess',
    integration,
    changedId: typename === undefined || changedId === null ? null : encodeId(typename, changedId),
    warnings,
  }
}

/**
 * The integration that holds a row.
 *
 * @param noun "export field"
 * @throws NotFoundError
 */
export async function integrationIdOfRow(
  { services, viewer }: Pick<GatewayContext, 'services' | 'viewer'>,
  type: SettingsRowType,
  id: string,
  noun: string,
): Promise<string> {
  const integrationId = await services.settingsRows.integrationIdOf(viewer.workspaceId, type, id)
  if (integrationId === null) throw new NotFoundError(`There is no such ${noun}.`)
  return integrationId
}
