/** What people call the members of a settings document: the labels of the forms. */
const labels: Readonly<Record<string, string>> = {
  searchOrder: 'Search Order',
  fetchCrmData: 'Allow Fetch CRM Data',
  autoSmsPush: 'Allow Auto SMS Push',
  autoChatPush: 'Allow Auto Chat Push',
  tagSingleMatchUnasked: 'Tag a single match unasked',
  entityTypes: 'Entities',
  defaultFields: 'Default fields',
  exportFields: 'Export fields',
  searchFields: 'Search fields',
  detailFields: 'Detail fields',
  backendFields: 'Backend fields',
  allowNewCreation: 'Allow New Creation',
  allowActivityClosing: 'Allow Activity Closing',
  chatsSaveTo: 'Chats Save To',
  activityTypeName: 'Activity Type Name',
  allowActivitySubjectChange: 'Allow Activity Subject Change',
  personAccountEnabled: 'Is Person Account Enabled',
  searchable: 'Allow Record Search',
  creatable: 'Allow Record Creation',
  showOnForm: 'Show on Form',
  fieldType: 'Field Type',
  useCurrentDate: 'Use current date time',
}

/** `maxLength` → "Max length" where nobody calls it anything else. */
export function memberLabel(member: string): string {
  const words = member.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)
  return labels[member] ?? words.slice(0, 1).toUpperCase() + words.slice(1)
}

/** A path into a document, for people: "Export fields, row 4, Name". */
export function pathLabel(path: readonly string[]): string {
  return path.map((part) => (/^\d+$/.test(part) ? `row ${Number(part) + 1}` : memberLabel(part))).join(', ')
}
