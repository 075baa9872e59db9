/** Records to pick from while settings are made: a constant look-up points to one. */

import { builder } from '../builder.ts'
import { crmSearch } from '../cost.ts'
import { EntityDescriptorRef } from '../integrations/metadata-schema.ts'
import type { LookupValue } from '../integrations/settings.ts'
import { LookupValueRef } from '../integrations/settings-values-schema.ts'
import { CrmError, NotAllowedError, NotConnectedError, ValidationError } from '../shared/errors.ts'

const EntityRecordsRef = builder
  .objectRef<{ __typename: 'EntityRecords'; records: readonly LookupValue[] }>('EntityRecords')
  .implement({
    description: 'Records that were found.',
    fields: (t) => ({
      records: t.field({
        type: [LookupValueRef],
        description: 'What a constant look-up may point to.',
        resolve: ({ records }) => [...records],
      }),
    }),
  })

const EntityRecordsResult = builder.errorUnion('EntityRecordsResult', {
  description: 'What looking for records of an entity type can come to.',
  types: [EntityRecordsRef, ValidationError, NotConnectedError, NotAllowedError, CrmError],
})

builder.objectField(EntityDescriptorRef, 'records', (t) =>
  t.field({
    type: EntityRecordsResult,
    authScopes: { admin: true },
    complexity: crmSearch,
    description: 'Its records whose name holds `search`, to pick one for a constant; none where nothing is looked for.',
    args: {
      search: t.arg.string({ required: true, description: 'Part of a name.' }),
      first: t.arg.int({ defaultValue: 10, description: 'How many at most, 50 at most.' }),
    },
    resolve: async ({ integration, summary }, { search, first }, { services, signal }) => ({
      __typename: 'EntityRecords' as const,
      records: await services.records.findAny(
        integration,
        { entityName: summary.name, term: search, first: first ?? 10 },
        signal,
      ),
    }),
  }),
)
