import type { FieldList } from './shape.ts'

/** How the lists of what is written differ: where they stand, and what is said. */
export const wordsOf = {
  EXPORT: {
    path: '/settings/$integrationId/export-fields',
    title: 'Export fields',
    noun: 'export field',
    about: 'Further fields that are written when a record is made.',
    empty:
      'None yet. A new record gets its default fields only. Add a field that agents fill in, one that is always the same, or one that the chat itself knows, such as the page that the visitor came from.',
    when: 'whenever a record is made',
    others: 'Not on the form, so their order does not matter:',
    typeLabel: 'Input Field Type',
  },
  BACKEND: {
    path: '/settings/$integrationId/backend-fields',
    title: 'Backend fields',
    noun: 'backend field',
    about: 'Fields that are written whenever a record is made or tagged, when a chat ends or an SMS is pushed.',
    empty:
      'None yet. Add a field whose value is to be kept up with every chat: always the same one, or one that agents give when they make or tag a record.',
    when: 'whenever a record is made or tagged',
    others: 'Never asked for, so their order does not matter:',
    typeLabel: 'Field Type',
  },
} as const satisfies Record<FieldList, object>
