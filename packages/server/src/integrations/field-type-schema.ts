import { fieldTypes } from '@backchannel/providers'
import { builder } from '../builder.ts'

export const FieldTypeEnum = builder.enumType('FieldType', {
  description: 'Types of CRM fields, the same for every CRM. DECIMAL and what follows it come from metadata only.',
  values: fieldTypes,
})
