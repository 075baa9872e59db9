import classes from './preview-panel.module.css'

interface FieldsListProps {
  label: string
  fields: readonly { readonly name: string; readonly label: string; readonly value?: string | null }[]
}

/** Values with their labels, in the order in which agents see them. */
export function FieldsList({ label, fields }: FieldsListProps) {
  return (
    <article aria-label={label}>
      <dl className={classes['fields']}>
        {fields.map(({ name, label: term, value }) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{term}</dt>
            <dd>{value ?? '–'}</dd>
          </div>
        ))}
      </dl>
    </article>
  )
}
