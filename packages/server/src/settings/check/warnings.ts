/** What may be saved and still asks for a look. Pure. */
import type { IntegrationSnapshot } from '../../integrations/snapshot.ts'
import { descriptorOf, type SettingsSection } from '../edit/edit.ts'

export interface SettingWarning {
  readonly message: string
  /** Changes of these sections tell of it. */
  readonly sections: readonly SettingsSection[]
  /** The rows that it is about. */
  readonly ids: readonly string[]
}

export function warningsOf(integration: IntegrationSnapshot): SettingWarning[] {
  return [
    ...closingNotes(integration),
    ...subjectUnset(integration),
    ...hiddenButRequired(integration),
    ...writtenTwice(integration),
    ...smsPushWithoutFetch(integration),
  ]
}

/** D-CLO-06, A-11. */
function closingNotes({ settings: { id, dynamics } }: IntegrationSnapshot): SettingWarning[] {
  if (!dynamics?.allowActivityClosing || dynamics.chatsSaveTo !== 'NOTES') return []
  const message = 'Notes cannot be closed. Choose Task under Chats Save To, or switch Allow Activity Closing off.'
  return [{ message, sections: ['INTEGRATION'], ids: [id] }]
}

/** S-SUB-03, A-42. */
function subjectUnset(integration: IntegrationSnapshot): SettingWarning[] {
  const { id, salesforce, backendFields } = integration.settings
  if (!salesforce?.allowActivitySubjectChange || backendFields.some(({ target }) => target === 'ACTIVITY')) return []
  const { activitySubjectField } = descriptorOf(integration).settings
  const message = `Allow Activity Subject Change needs a backend field ${activitySubjectField} of entity type Activity and field type Picklist. Until there is one, activities keep the default subject.`
  return [{ message, sections: ['INTEGRATION', 'BACKEND'], ids: [id] }]
}

/** */
function hiddenButRequired(integration: IntegrationSnapshot): SettingWarning[] {
  return integration.defaultFields
    .filter(({ required, showOnForm }) => required && !showOnForm)
    .map(({ id, kind, name }) => {
      const { displayName } = integration.entityTypes.find((it) => it.kind === kind) ?? { displayName: kind }
      const message = `${displayName} ${name} is required, but not on the form: it is not asked for.`
      return { message, sections: ['DEFAULT_FIELDS'], ids: [id] }
    })
}

/** I-04, A-37. */
function writtenTwice({ settings, entityTypes }: IntegrationSnapshot): SettingWarning[] {
  return settings.backendFields.flatMap((backend) => {
    const twin = settings.exportFields.find(
      ({ entityTypeId, name }) => entityTypeId === backend.entityTypeId && name === backend.name,
    )
    if (twin === undefined) return []
    const { displayName } = entityTypes.find(({ id }) => id === twin.entityTypeId) ?? { displayName: '' }
    const winner = backend.overwrite ? 'backend field, which overwrites,' : 'export field'
    const message = `${displayName} ${twin.name} is both an export field and a backend field: when a record is made, the ${winner} decides.`
    return [{ message, sections: ['EXPORT', 'BACKEND'], ids: [backend.id, twin.id] }]
  })
}

/** D-SMS-01. */
function smsPushWithoutFetch({ settings: { id, autoSmsPush, fetchCrmData } }: IntegrationSnapshot): SettingWarning[] {
  if (!autoSmsPush.enabled || fetchCrmData) return []
  const message = 'Allow Auto SMS Push does nothing while Allow Fetch CRM Data is off.'
  return [{ message, sections: ['INTEGRATION'], ids: [id] }]
}
