import { Button, TextInput } from '@mantine/core'
import { type FragmentType, graphql, readFragment } from '../../graphql/generated/index.ts'
import { FormFields, FormFields_Field } from './form-fields.tsx'
import { FormInput_Field } from './form-input.tsx'
import type { Entered, toFieldValues } from './form-values.ts'
import classes from './preview-panel.module.css'

const SearchForm_Form = graphql(`
  fragment SearchForm_Form on SearchForm {
    phone
    email
    fullName
    fields { ...FormFields_Field }
  }
`)

/** What was typed in place of what the form starts with; an identifier that is not there stands as it is. */
export interface SearchEntries {
  readonly phone?: string
  readonly email?: string
  readonly fullName?: string
  readonly entered: Entered
  /** The boxes that something was entered into. */
  readonly fields: Parameters<typeof toFieldValues>[0]
}

/** Looks for the visitor, as the form does when it opens. */
export const asInForm: SearchEntries = { entered: {}, fields: [] }

const identifiers = [
  { name: 'phone', label: 'Phone' },
  { name: 'email', label: 'E-mail' },
  { name: 'fullName', label: 'Full name' },
] as const

interface SearchFormProps {
  form: FragmentType<typeof SearchForm_Form>
  entries: SearchEntries
  onChange: (entries: SearchEntries) => void
}

/** Searches as one types. */
export function SearchForm({ form: masked, entries, onChange }: SearchFormProps) {
  const form = readFragment(SearchForm_Form, masked)
  const fields = readFragment(FormFields_Field, form.fields)
  // What one identifier is given instead leaves the others as they are shown.
  const shown = {
    phone: entries.phone ?? form.phone ?? '',
    email: entries.email ?? form.email ?? '',
    fullName: entries.fullName ?? form.fullName ?? '',
  }

  function enter(fieldId: string, values: readonly string[]) {
    const entered = { ...entries.entered, [fieldId]: values }
    const used = fields.map((field) => readFragment(FormInput_Field, field)).filter(({ id }) => entered[id])
    onChange({ ...entries, entered, fields: used })
  }

  return (
    <section aria-label="Search form" className={classes['group']}>
      <div className={classes['pair']}>
        {identifiers.map(({ name, label }) => (
          <TextInput
            key={name}
            size="xs"
            label={label}
            autoComplete="off"
            value={shown[name]}
            onChange={(event) => onChange({ ...entries, ...shown, [name]: event.currentTarget.value })}
          />
        ))}
      </div>
      <FormFields fields={form.fields} entered={entries.entered} onChange={enter} />
      {entries !== asInForm && (
        <Button size="compact-xs" variant="subtle" onClick={() => onChange(asInForm)} style={{ alignSelf: 'start' }}>
          As the visitor fills it in
        </Button>
      )}
    </section>
  )
}
