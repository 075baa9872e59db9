import { builder } from '../builder.ts'
import type { SettingsSection } from './service.ts'

export const SettingsSectionEnum = builder.enumType('SettingsSection', {
  description: 'The parts that settings are changed in.',
  values: {
    CONNECTION: { description: 'How the org is connected.' },
    INTEGRATION: { description: 'What is not a list: search order, automatic pushes, and what one CRM alone has.' },
    DEFAULT_FIELDS: { description: 'The built-in fields of the create form.' },
    ENTITIES: { description: 'The entity types.' },
    EXPORT: { description: 'Fields that are written when a record is made.' },
    SEARCH: { description: 'Fields that agents search by.' },
    DETAIL: { description: 'Fields that a record is shown with.' },
    BACKEND: { description: 'Fields that are written whenever a record is made or tagged.' },
  } satisfies Record<SettingsSection, { description: string }>,
})
