/** Values of a form as an input of GraphQL. */
import { builder } from '../builder.ts'

export const FieldValueInputRef = builder.inputType('FieldValueInput', {
  description:
    'A value of a form field. Two options are "true" or "false", numbers have a dot and no grouping, days are YYYY-MM-DD, moments ISO 8601 with their zone, options go by their value.',
  fields: (t) => ({
    fieldId: t.id({ description: "The form field's id." }),
    name: t.string({ description: 'Or its name, where that is plain.' }),
    value: t.string({ description: 'The value as text.' }),
    values: t.stringList({ description: 'Several values, where the field takes them.' }),
  }),
})
