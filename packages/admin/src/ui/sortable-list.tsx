import {
  type Announcements,
  closestCenter,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  type Modifier,
  PointerSensor,
  type UniqueIdentifier,
  useSensor,
  useSensors,
} from '@dnd-kit/core'
import { arrayMove, SortableContext, sortableKeyboardCoordinates, verticalListSortingStrategy } from '@dnd-kit/sortable'
import { Alert, CloseButton, Stack, Text, TextInput, VisuallyHidden } from '@mantine/core'
import { type ReactNode, type RefObject, useCallback, useMemo, useRef, useState } from 'react'
import classes from './sortable-list.module.css'
import { SortableRow } from './sortable-row.tsx'
import { useOrder } from './use-order.ts'

interface SortableListProps<Item extends { id: string }> {
  /** What a screen reader calls the list. */
  label: string
  items: readonly Item[]
  /** What a person calls an item: in "Move Revenue", and for the search. */
  itemName: (item: Item) => string
  renderItem: (item: Item) => ReactNode
  /** Saves the whole new order; false: it was not saved, and the list goes back. */
  onReorder: (ids: string[]) => Promise<boolean>
  /** What the search looks in, where that is more than the name. */
  searchText?: (item: Item) => string
}

/** With fewer items one sees at once what one looks for. */
const SEARCH_FROM = 8

/** Only up and down: rows keep their column. */
const vertically: Modifier = ({ transform }) => ({ ...transform, x: 0 })

/**
 * A list that is put in order by mouse, touch and keyboard, by handles or by buttons. A new order is shown at once and saved
 * whole; where that fails, the list is as it was, and says so.
 */
export function SortableList<Item extends { id: string }>(props: SortableListProps<Item>) {
  const { label, items, itemName, renderItem, onReorder, searchText = itemName } = props
  const { ordered, failed, reorder } = useOrder(items, onReorder)
  const [search, setSearch] = useState('')
  const [said, say] = useState('')
  const over = useRef<UniqueIdentifier | null>(null)
  const wanted = search.trim().toLowerCase()
  const shown = useMemo(
    () => (wanted === '' ? ordered : ordered.filter((item) => searchText(item).toLowerCase().includes(wanted))),
    [ordered, wanted, searchText],
  )
  const shownIds = useMemo(() => shown.map(({ id }) => id), [shown])
  const contents = useMemo(() => new Map(items.map((item) => [item.id, renderItem(item)])), [items, renderItem])
  const sensors = useSensors(
    // A finger on a handle does not scroll (`touch-action`), so that pointers are mouse, pen and touch alike.
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  )

  /** To the place that the other item has now. */
  const move = useCallback(
    (id: UniqueIdentifier, toPlaceOf: UniqueIdentifier) => {
      const from = ordered.findIndex((item) => item.id === id)
      const to = ordered.findIndex((item) => item.id === toPlaceOf)
      const moved = ordered[from]
      if (moved === undefined || to < 0 || from === to) return
      reorder(arrayMove([...ordered], from, to).map((item) => item.id))
      say(`${itemName(moved)} is now ${to + 1} of ${ordered.length}.`)
    },
    [ordered, reorder, itemName],
  )
  const step = useCallback(
    (id: string, by: -1 | 1) => {
      const neighbour = shownIds[shownIds.indexOf(id) + by]
      if (neighbour !== undefined) move(id, neighbour)
    },
    [shownIds, move],
  )

  return (
    <Stack gap="xs">
      {items.length >= SEARCH_FROM && (
        <TextInput
          type="search"
          aria-label={`Find in ${label}`}
          placeholder={`Search ${items.length}`}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          rightSection={search && <CloseButton size="sm" aria-label="Clear the search" onClick={() => setSearch('')} />}
        />
      )}
      {failed && (
        <Alert color="red" role="alert">
          The new order was not saved, so the list is as it was before.
        </Alert>
      )}
      <DndContext
        sensors={sensors}
        collisionDetection={closestCenter}
        modifiers={[vertically]}
        accessibility={{
          announcements: announcements(ordered, itemName, over),
          screenReaderInstructions: {
            draggable:
              'Press space to pick it up, move it with the arrow keys, press space again to put it down, or escape to leave it where it was.',
          },
        }}
        onDragEnd={({ active, over }: DragEndEvent) => over && move(active.id, over.id)}
      >
        <SortableContext items={shownIds} strategy={verticalListSortingStrategy}>
          <ul className={classes['list']} aria-label={label}>
            {shown.map((item, index) => (
              <SortableRow
                key={item.id}
                id={item.id}
                name={itemName(item)}
                isFirst={index === 0}
                isLast={index === shown.length - 1}
                content={contents.get(item.id)}
                onStep={step}
              />
            ))}
          </ul>
        </SortableContext>
      </DndContext>
      {shown.length === 0 && items.length > 0 && (
        <Text c="dimmed" role="status">
          Nothing here has “{search.trim()}” in it.
        </Text>
      )}
      <VisuallyHidden role="status">{said}</VisuallyHidden>
    </Stack>
  )
}

/** What a screen reader hears while an item is moved by its handle. */
function announcements<Item extends { id: string }>(
  items: readonly Item[],
  itemName: (item: Item) => string,
  lastOver: RefObject<UniqueIdentifier | null>,
): Announcements {
  const nameOf = (id: UniqueIdentifier) => {
    const item = items.find((it) => it.id === id)
    return item ? itemName(item) : ''
  }
  const placeOf = (id: UniqueIdentifier) => `${items.findIndex((it) => it.id === id) + 1} of ${items.length}`
  return {
    onDragStart: ({ active }) => {
      lastOver.current = active.id
      return `${nameOf(active.id)} is picked up. It is ${placeOf(active.id)}.`
    },
    // It is over itself when it is picked up, which says nothing new.
    onDragOver: ({ active, over }) => {
      if (over === null || over.id === lastOver.current) return undefined
      lastOver.current = over.id
      return `${nameOf(active.id)}: ${placeOf(over.id)}.`
    },
    onDragEnd: ({ active, over }) => (over ? `${nameOf(active.id)} is put down as ${placeOf(over.id)}.` : undefined),
    onDragCancel: ({ active }) => `${nameOf(active.id)} stays where it was, ${placeOf(active.id)}.`,
  }
}
