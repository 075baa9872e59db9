/** Where a transcript is filed, from the settings (D-SAV). Pure. */
import { type ActivityType, providerDefinitions } from '@backchannel/providers'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'
import type { Explanation } from '../plans/plan.ts'
import { settingsId } from './settings-id.ts'

export interface ActivityChoice {
  readonly activityType: ActivityType
  readonly why: Explanation
  /** What is wrong with the setting that chose it: nothing can be filed. Null where nothing is. */
  readonly fault: string | null
}

export function chooseActivityType(integration: IntegrationSnapshot): ActivityChoice {
  const options = integration.settings.dynamics
  if (options === null) {
    const { activityType } = providerDefinitions[integration.provider].descriptor
    return { activityType, why: { rule: 'X-DIF-08', text: 'Transcripts are saved as tasks.' }, fault: null }
  }
  const settingId = settingsId(integration)
  const name = options.activityTypeName?.trim() ?? ''
  switch (options.chatsSaveTo) {
    case 'NOTES':
      return {
        activityType: { type: 'NOTE' },
        why: { rule: 'D-SAV-03', text: 'Chats Save To is Notes.', settingId },
        fault: null,
      }
    case 'TASK':
      return {
        activityType: { type: 'TASK' },
        why: { rule: 'D-SAV-04', text: 'Chats Save To is Task.', settingId },
        fault:
          name.toLowerCase() === 'task'
            ? null
            : `Chats Save To is Task, so Activity Type Name must be "Task"; it is "${name}".`,
      }
    case 'CUSTOM_ACTIVITY':
      return {
        activityType: { type: 'CUSTOM', entityName: name },
        why: { rule: 'D-SAV-07', text: `Chats Save To is the custom activity ${name}.`, settingId },
        fault: name === '' ? 'Chats Save To is Custom Activity Type, and Activity Type Name does not say which.' : null,
      }
  }
}

/** The CRM-independent name of an activity type. */
export function activityTypeName(type: ActivityType): string {
  return type.type === 'CUSTOM' ? type.entityName : type.type
}

/** The activity type of this name. */
export function toActivityType(name: string): ActivityType {
  return name === 'NOTE' || name === 'TASK' ? { type: name } : { type: 'CUSTOM', entityName: name }
}
