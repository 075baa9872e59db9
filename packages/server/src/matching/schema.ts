/** Fetch CRM Data in GraphQL: whose names go with a number. */

import { builder } from '../builder.ts'
import { crmCall } from '../cost.ts'
import { RecordReferenceRef } from '../records/schema.ts'
import { CrmError, NotAllowedError, NotConnectedError, ValidationError } from '../shared/errors.ts'
import { lookUpId } from '../shared/global-id.ts'
import type { FoundNames } from './service.ts'

type Prefill = Omit<FoundNames, 'source'> & { __typename: 'VisitorPrefill'; source: FoundNames['source'] | null }

const VisitorPrefillRef = builder.objectRef<Prefill>('VisitorPrefill').implement({
  description: 'Names for the visitor of a new text message thread. Both are null where nobody has the number.',
  fields: (t) => ({
    firstName: t.exposeString('firstName', { nullable: true, description: 'First name.' }),
    lastName: t.exposeString('lastName', { nullable: true, description: 'Last name.' }),
    source: t.field({
      type: RecordReferenceRef,
      nullable: true,
      description: 'The record that they come from.',
      resolve: ({ source }) => source,
    }),
  }),
})

const PrefillVisitorResult = builder.errorUnion('PrefillVisitorResult', {
  description: 'What looking up a number can come to.',
  types: [VisitorPrefillRef, ValidationError, NotConnectedError, NotAllowedError, CrmError],
})

builder.queryField('prefillVisitor', (t) =>
  t.field({
    type: PrefillVisitorResult,
    authScopes: { agent: true },
    complexity: crmCall,
    description:
      'First and last name for a new text message thread, by its number: from contacts, then leads, then accounts. Empty, and no CRM is asked, where Allow Fetch CRM Data is off.',
    args: {
      phone: t.arg.string({ required: true, description: 'The number, in any format.' }),
      integrationId: t.arg.id({
        description:
          'The CRM that is asked; all in their order, where it is left out: the first that knows the number.',
      }),
    },
    resolve: async (_root, { phone, integrationId }, { services, viewer, signal }): Promise<Prefill> => {
      const input = { phone, integrationId: integrationId ? lookUpId('Integration', integrationId) : null }
      const found = await services.matching.prefill(viewer, input, signal)
      return { __typename: 'VisitorPrefill', ...(found ?? { firstName: null, lastName: null, source: null }) }
    },
  }),
)
