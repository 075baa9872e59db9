/** Ids of settings that are not saved: the same for the same setting, so that one preview can name what another showed. Pure. */
import { v5 as derivedUuid } from 'uuid'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'

/** Namespace of these ids; theirs alone. */
const namespace = '3a1c0a52-9b0e-5c53-8a44-6f0de2c1b7a4'

interface Row {
  readonly id: string
  readonly name: string
}

/** @param saved the same integration as it is kept: what stands there keeps its id */
export function withStableIds(tried: IntegrationSnapshot, saved: IntegrationSnapshot): IntegrationSnapshot {
  const kept = new Set(
    [
      ...saved.entityTypes,
      ...saved.settings.exportFields,
      ...saved.settings.searchFields,
      ...saved.settings.detailFields,
      ...saved.settings.backendFields,
    ].map(({ id }) => id),
  )
  const idOf = ({ id, name }: Row, ...of: string[]) =>
    kept.has(id) ? id : derivedUuid([saved.id, ...of, name].join('\n'), namespace)

  const entityTypes = tried.entityTypes.map((it) => ({ ...it, id: idOf(it, 'EntityType') }))
  const idsOfEntityTypes = new Map(tried.entityTypes.map(({ id }, index) => [id, entityTypes[index]?.id ?? id]))
  const entityTypeId = (id: string) => idsOfEntityTypes.get(id) ?? id
  const inList = <T extends Row & { entityTypeId: string | null }>(list: string, rows: readonly T[]): T[] =>
    rows.map((row) => {
      const of = row.entityTypeId && entityTypeId(row.entityTypeId)
      return { ...row, entityTypeId: of, id: idOf(row, list, of ?? '') }
    })

  const { settings } = tried
  const { autoSmsPush: sms, autoChatPush: chat } = settings
  return {
    ...tried,
    entityTypes,
    settings: {
      ...settings,
      exportFields: inList('ExportField', settings.exportFields),
      searchFields: inList('SearchField', settings.searchFields),
      detailFields: inList('DetailField', settings.detailFields),
      backendFields: inList('BackendField', settings.backendFields),
      autoSmsPush: { ...sms, entityTypeId: sms.entityTypeId && entityTypeId(sms.entityTypeId) },
      autoChatPush: {
        ...chat,
        rules: chat.rules.map((rule) => ({ ...rule, entityTypeId: entityTypeId(rule.entityTypeId) })),
      },
    },
  }
}
