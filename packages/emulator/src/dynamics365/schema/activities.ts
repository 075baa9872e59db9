/** Notes, tasks, phone calls, appointments, e-mails and the customer's own chat sessions (crm-apis.md 1.7, 1.10). */
import { choice, memo, options, owned, primaryKey, states, text, twoOptions } from './attributes.ts'
import type { AttributeDefinition, EntityDefinition } from './definition.ts'

/** What every activity inherits from `activitypointer`, but for its states. */
const pointer = {
  activityid: primaryKey('Activity'),
  subject: text('Subject', 200, 'ApplicationRequired'),
  description: memo('Description', 2000),
  regardingobjectid: { type: 'Lookup', label: 'Regarding', targets: [] },
  prioritycode: choice('Priority', options([0, 'Low'], [1, 'Normal'], [2, 'High']), 1),
  scheduledstart: { type: 'DateTime', label: 'Start Date' },
  scheduledend: { type: 'DateTime', label: 'Due Date' },
  actualstart: { type: 'DateTime', label: 'Actual Start' },
  actualend: { type: 'DateTime', label: 'Actual End' },
  activitytypecode: { type: 'String', label: 'Activity Type', maxLength: 64, readOnly: true },
} satisfies Record<string, AttributeDefinition>

const activityBasics = {
  primaryId: 'activityid',
  primaryName: 'subject',
  isActivity: true,
  hasNotes: true,
  hasActivities: false,
  isCustom: false,
}

export const task: EntityDefinition = {
  ...activityBasics,
  logicalName: 'task',
  schemaName: 'Task',
  entitySetName: 'tasks',
  objectTypeCode: 4212,
  label: 'Task',
  pluralLabel: 'Tasks',
  attributes: {
    ...pointer,
    percentcomplete: { type: 'Integer', label: 'Percent Complete', min: 0, max: 100 },
    category: text('Category', 250),
    ...states(
      [
        0,
        'Open',
        [
          [2, 'Not Started'],
          [3, 'In Progress'],
          [4, 'Waiting on someone else'],
          [7, 'Deferred'],
        ],
      ],
      [1, 'Completed', [[5, 'Completed']]],
      [2, 'Canceled', [[6, 'Canceled']]],
    ),
    ...owned,
  },
}

export const phonecall: EntityDefinition = {
  ...activityBasics,
  logicalName: 'phonecall',
  schemaName: 'PhoneCall',
  entitySetName: 'phonecalls',
  objectTypeCode: 4210,
  label: 'Phone Call',
  pluralLabel: 'Phone Calls',
  attributes: {
    ...pointer,
    phonenumber: text('Phone Number', 200),
    directioncode: twoOptions('Direction', 'Incoming', 'Outgoing', true),
    ...states(
      [0, 'Open', [[1, 'Open']]],
      [
        1,
        'Completed',
        [
          [2, 'Made'],
          [4, 'Received'],
        ],
      ],
      [2, 'Canceled', [[3, 'Canceled']]],
    ),
    ...owned,
  },
}

export const appointment: EntityDefinition = {
  ...activityBasics,
  logicalName: 'appointment',
  schemaName: 'Appointment',
  entitySetName: 'appointments',
  objectTypeCode: 4201,
  label: 'Appointment',
  pluralLabel: 'Appointments',
  attributes: {
    ...pointer,
    location: text('Location', 200),
    ...states(
      [
        0,
        'Open',
        [
          [1, 'Free'],
          [2, 'Tentative'],
        ],
      ],
      [1, 'Completed', [[3, 'Completed']]],
      [2, 'Canceled', [[4, 'Canceled']]],
    ),
    ...owned,
  },
}

export const email: EntityDefinition = {
  ...activityBasics,
  logicalName: 'email',
  schemaName: 'Email',
  entitySetName: 'emails',
  objectTypeCode: 4202,
  label: 'Email',
  pluralLabel: 'Email Messages',
  attributes: {
    ...pointer,
    directioncode: twoOptions('Direction', 'Incoming', 'Outgoing', true),
    ...states(
      [0, 'Open', [[1, 'Draft']]],
      [
        1,
        'Completed',
        [
          [2, 'Completed'],
          [3, 'Sent'],
        ],
      ],
      [2, 'Canceled', [[5, 'Canceled']]],
    ),
    ...owned,
  },
}

/** An activity that a customer made, with columns of its own. */
export const chatSession: EntityDefinition = {
  ...activityBasics,
  isCustom: true,
  logicalName: 'new_chatsession',
  schemaName: 'new_ChatSession',
  entitySetName: 'new_chatsessions',
  objectTypeCode: 10_070,
  label: 'Chat Session',
  pluralLabel: 'Chat Sessions',
  attributes: {
    ...pointer,
    description: memo('Description', 100_000),
    new_channel: {
      ...choice('Channel', options([100000000, 'Chat'], [100000001, 'SMS'])),
      schemaName: 'new_Channel',
    },
    new_visitorname: { ...text('Visitor', 100), schemaName: 'new_VisitorName' },
    ...states(
      [0, 'Open', [[1, 'Open']]],
      [1, 'Completed', [[2, 'Completed']]],
      [2, 'Canceled', [[3, 'Canceled']]],
      [3, 'Scheduled', [[4, 'Scheduled']]],
    ),
    ...owned,
  },
}

/** A note. It has no state and is no activity. */
export const annotation: EntityDefinition = {
  logicalName: 'annotation',
  schemaName: 'Annotation',
  entitySetName: 'annotations',
  objectTypeCode: 5,
  label: 'Note',
  pluralLabel: 'Notes',
  primaryId: 'annotationid',
  primaryName: 'subject',
  isActivity: false,
  hasNotes: false,
  hasActivities: false,
  isCustom: false,
  attributes: {
    annotationid: primaryKey('Note'),
    subject: text('Title', 500),
    notetext: { type: 'Memo', label: 'Description', maxLength: 100_000, format: 'RichText' },
    objectid: { type: 'Lookup', label: 'Regarding', targets: [] },
    isdocument: twoOptions('Is Document'),
    filename: text('File Name', 255),
    mimetype: text('Mime Type', 256),
    documentbody: text('Document', 1_073_741_823),
    ...owned,
  },
}
