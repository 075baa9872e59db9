import type { FieldType } from '@backchannel/providers'
import { builder } from '../builder.ts'

export const FieldTypeEnum = builder.enumType('FieldType', {
  description: 'Types of CRM fields, the same for every CRM. DECIMAL and what follows it come from metadata only.',
  values: {
    TEXT: { description: 'One line of text.' },
    WHOLE_NUMBER: { description: 'A number without a fraction.' },
    CURRENCY: { description: 'An amount of money.' },
    DATE: { description: 'A day, without a time.' },
    DATE_TIME: { description: 'A day and a time.' },
    TWO_OPTIONS: { description: 'Yes or no.' },
    OPTION_SET: { description: 'One of a list.' },
    MULTI_OPTION_SET: { description: 'Any number of a list.' },
    STATUS_REASON: { description: 'Why a record is in its state, one of a list (Dynamics 365).' },
    LOOKUP: { description: 'Points to another record.' },
    DECIMAL: { description: 'A number that may have a fraction.' },
    EMAIL: { description: 'An e-mail address.' },
    PHONE: { description: 'A phone number.' },
    URL: { description: 'A web address.' },
    MULTILINE_TEXT: { description: 'Text of several lines.' },
    OTHER: { description: 'Anything else: it is shown, and cannot be written.' },
  } satisfies Record<FieldType, { description: string }>,
})
