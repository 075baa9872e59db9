import { useCallback, useMemo } from 'react'
import { Panel } from '../../../ui/panel.tsx'
import { SortableList } from '../../../ui/sortable-list.tsx'
import type { FormFields } from '../use-settings-form.ts'
import { type CommonValues, identifiers } from './common-values.ts'

type Identifier = CommonValues['searchOrder'][number]

const isIdentifier = (id: string): id is Identifier => id in identifiers

/** By what records of a visitor are looked for first. */
export function SearchOrder({ form: { values, set } }: { form: FormFields<CommonValues> }) {
  const items = useMemo(() => values.searchOrder.map((id) => ({ id, name: identifiers[id] })), [values.searchOrder])
  const reorder = useCallback(
    async (ids: string[]) => {
      set('searchOrder', ids.filter(isIdentifier))
      return true
    },
    [set],
  )
  return (
    <Panel
      title="Search Order"
      about="The records of a visitor are looked for by the first; what finds nothing, or is not known of the visitor, makes way for the next."
    >
      <SortableList label="Search Order" items={items} itemName={nameOf} renderItem={nameOf} onReorder={reorder} />
    </Panel>
  )
}

const nameOf = ({ name }: { name: string }) => name
