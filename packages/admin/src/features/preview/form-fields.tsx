import { Text } from '@mantine/core'
import type { FormGroup } from '../../graphql/generated/graphql.ts'
import { type FragmentType, graphql, readFragment } from '../../graphql/generated/index.ts'
import { FormInput, FormInput_Field } from './form-input.tsx'
import type { Entered } from './form-values.ts'
import classes from './preview-panel.module.css'
import { SectionLink } from './section-link.tsx'

export const FormFields_Field = graphql(`
  fragment FormFields_Field on FormField {
    id
    group
    ...FormInput_Field
  }
`)

const groups: readonly {
  group: FormGroup
  from: 'default-fields' | 'export-fields' | 'search-fields' | 'backend-fields'
}[] = [
  { group: 'DEFAULT', from: 'default-fields' },
  { group: 'EXPORT', from: 'export-fields' },
  { group: 'SEARCH', from: 'search-fields' },
  { group: 'BACKEND', from: 'backend-fields' },
]

interface FormFieldsProps {
  fields: readonly FragmentType<typeof FormFields_Field>[]
  entered: Entered
  onChange: (fieldId: string, values: readonly string[]) => void
  /** By the name of the field. */
  errors?: Readonly<Record<string, string>>
}

/** The inputs of a form in their order, by the section of the settings that put them there. */
export function FormFields({ fields: masked, entered, onChange, errors = {} }: FormFieldsProps) {
  const fields = readFragment(FormFields_Field, masked)
  return groups.map(({ group, from }) => {
    const ofGroup = fields.filter((field) => field.group === group)
    if (ofGroup.length === 0) return null
    return (
      <fieldset key={group} className={classes['group']}>
        <legend>
          <SectionLink section={from} />
        </legend>
        {ofGroup.map((field) => (
          <FormInput
            key={field.id}
            field={field}
            entered={entered}
            onChange={onChange}
            error={errors[readFragment(FormInput_Field, field).name]}
          />
        ))}
      </fieldset>
    )
  })
}

/** Where a form asks for nothing. */
export function NoFields() {
  return (
    <Text size="sm" c="dimmed">
      Nothing is asked here.
    </Text>
  )
}
