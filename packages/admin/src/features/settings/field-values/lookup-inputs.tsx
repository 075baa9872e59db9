import { Checkbox, Fieldset, Group, Pill, Stack, Text, TextInput } from '@mantine/core'
import { type FieldDescriptor, FieldPicker, useFieldDescriptor } from '../pickers/field-picker.tsx'
import { TargetInput } from './constant-inputs.tsx'
import { type DraftForm, errorOf } from './draft-form.ts'
import { type FieldRules, settingTypeFor } from './shape.ts'
import { ValueInput } from './value-input.tsx'

interface LookupInputsProps {
  form: DraftForm
  rules: FieldRules
  /** Of the look-up itself. */
  descriptor: FieldDescriptor | null
}

/** Which records agents may choose from, and by what they find them. */
export function LookupInputs({ form, rules, descriptor }: LookupInputsProps) {
  const { relatedEntity, optionalFields } = form.values
  return (
    <>
      <TargetInput
        label={rules.list === 'EXPORT' ? 'Related Entity' : 'Entity'}
        descriptor={descriptor}
        value={relatedEntity}
        onChange={(entityName) => form.setFieldValue('relatedEntity', entityName)}
        error={errorOf(form, 'relatedEntity')}
      />
      <Checkbox
        label="Use Lookup Optional Fields"
        description="Otherwise agents search by the name of the records, and may choose any."
        {...form.getInputProps('optionalFields', { type: 'checkbox' })}
      />
      {optionalFields && (
        <Fieldset legend="Optional fields">
          <Stack gap="sm">
            <SearchedFields form={form} />
            <FieldPicker
              entityName={relatedEntity}
              label="Displayed Field"
              description="Shown beside the name, to tell records apart."
              disabled={relatedEntity === ''}
              value={form.values.displayField}
              onChange={(name) => form.setFieldValue('displayField', name)}
              error={errorOf(form, 'displayField')}
            />
            <FilterInputs form={form} rules={rules} />
          </Stack>
        </Fieldset>
      )}
    </>
  )
}

function SearchedFields({ form }: { form: DraftForm }) {
  const { relatedEntity, searchFields } = form.values
  const change = (names: string[]) => form.setFieldValue('searchFields', names)
  return (
    <div>
      <FieldPicker
        entityName={relatedEntity}
        label="Searched Fields"
        description="Where what an agent types is looked for. Pick one after the other; none: the name."
        disabled={relatedEntity === ''}
        value=""
        onChange={(name) => {
          if (name !== '' && !searchFields.includes(name)) change([...searchFields, name])
        }}
        error={errorOf(form, 'searchFields')}
      />
      {searchFields.length > 0 && (
        <Group gap={6} mt={6} role="list" aria-label="Searched fields that are chosen">
          {searchFields.map((name) => (
            <Pill
              key={name}
              role="listitem"
              size="md"
              withRemoveButton
              removeButtonProps={{ 'aria-label': `Remove ${name}`, 'aria-hidden': false, tabIndex: 0 }}
              onRemove={() => change(searchFields.filter((it) => it !== name))}
            >
              {name}
            </Pill>
          ))}
        </Group>
      )}
    </div>
  )
}

function FilterInputs({ form, rules }: Pick<LookupInputsProps, 'form' | 'rules'>) {
  const { relatedEntity, filterField, filterValue, filterEntity } = form.values
  const descriptor = useFieldDescriptor(relatedEntity, filterField)
  const isLookup = descriptor ? descriptor.type === 'LOOKUP' : filterEntity !== ''
  function changeField(name: string) {
    // What another field had to hold is nothing to this one.
    form.setValues(name === filterField ? {} : { filterField: name, filterValue: '', filterEntity: '' })
    form.clearFieldError('filterField')
  }
  return (
    <>
      <FieldPicker
        entityName={relatedEntity}
        label="Filter Field"
        description="With a filter, agents may choose only records that hold a value in this field."
        disabled={relatedEntity === ''}
        value={filterField}
        onChange={changeField}
        error={errorOf(form, 'filterField')}
      />
      {filterField !== '' && isLookup && (
        <>
          <TargetInput
            label="Filter Entity"
            descriptor={descriptor}
            value={filterEntity}
            onChange={(entityName) => form.setFieldValue('filterEntity', entityName)}
            error={undefined}
          />
          <TextInput
            label="Filter Value"
            description="The key or the name of the record that it points to."
            required
            {...form.getInputProps('filterValue')}
          />
        </>
      )}
      {filterField !== '' && !isLookup && (
        <ValueInput
          key={filterField}
          label="Filter Value"
          fieldType={(descriptor && settingTypeFor(descriptor.type, rules)) ?? 'TEXT'}
          descriptor={descriptor}
          value={filterValue}
          onChange={(value) => form.setFieldValue('filterValue', value)}
          error={errorOf(form, 'filterValue')}
        />
      )}
      {filterField === '' && (
        <Text size="sm" c="dimmed">
          Without a filter agents may choose from all of them.
        </Text>
      )}
    </>
  )
}
