import { useSortable } from '@dnd-kit/sortable'
import { CSS } from '@dnd-kit/utilities'
import { ActionIcon } from '@mantine/core'
import { IconChevronDown, IconChevronUp, IconGripVertical } from '@tabler/icons-react'
import { memo, type ReactNode } from 'react'
import classes from './sortable-list.module.css'

interface SortableRowProps {
  id: string
  name: string
  isFirst: boolean
  isLast: boolean
  /** What the row says; the same element as long as the item is, so that a drag draws only the rows anew. */
  content: ReactNode
  onStep: (id: string, by: -1 | 1) => void
}

/** One item of a list in order: its handle, what it says, and the buttons that move it by one. */
export const SortableRow = memo(function SortableRow({ id, name, content, ...place }: SortableRowProps) {
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({
    id,
  })
  return (
    <li
      ref={setNodeRef}
      className={classes['row']}
      data-dragging={isDragging || undefined}
      style={{ transform: CSS.Translate.toString(transform), transition }}
    >
      <ActionIcon
        ref={setActivatorNodeRef}
        variant="subtle"
        color="gray"
        className={classes['handle'] ?? ''}
        {...attributes}
        {...listeners}
        aria-label={`Move ${name}`}
      >
        <IconGripVertical size={18} aria-hidden />
      </ActionIcon>
      <div className={classes['content']}>{content}</div>
      <Steps id={id} name={name} {...place} />
    </li>
  )
})

interface StepsProps {
  id: string
  name: string
  isFirst: boolean
  isLast: boolean
  onStep: (id: string, by: -1 | 1) => void
}

const Steps = memo(function Steps({ id, name, isFirst, isLast, onStep }: StepsProps) {
  // At the end of the list the focus stays on the button, which a disabled one would lose.
  return (
    <div className={classes['steps']}>
      <ActionIcon
        variant="subtle"
        color="gray"
        className={classes['step'] ?? ''}
        aria-label={`Move ${name} up`}
        aria-disabled={isFirst}
        data-disabled={isFirst}
        onClick={() => onStep(id, -1)}
      >
        <IconChevronUp size={16} aria-hidden />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="gray"
        className={classes['step'] ?? ''}
        aria-label={`Move ${name} down`}
        aria-disabled={isLast}
        data-disabled={isLast}
        onClick={() => onStep(id, 1)}
      >
        <IconChevronDown size={16} aria-hidden />
      </ActionIcon>
    </div>
  )
})
