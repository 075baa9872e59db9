import { Checkbox, TagsInput, TextInput } from '@mantine/core'
import type { FieldDescriptor } from '../pickers/field-picker.tsx'
import { type DraftForm, errorOf } from './draft-form.ts'
import { LookupInputs } from './lookup-inputs.tsx'
import { type FieldRules, shapeOf } from './shape.ts'

interface AgentInputsProps {
  form: DraftForm
  rules: FieldRules
  descriptor: FieldDescriptor | null
}

/** What agents see of an input, and what they may enter. */
export function AgentInputs({ form, rules, descriptor }: AgentInputsProps) {
  const shape = shapeOf(form.values, rules)
  const isExport = rules.list === 'EXPORT'
  const most = descriptor?.maxLength
  return (
    <>
      {shape.label && (
        <TextInput
          label={isExport ? 'Input Field Label' : 'Field Label'}
          description={
            shape.label === 'OPTIONAL' ? 'What agents see; left out, the name in the CRM.' : 'What agents see.'
          }
          required={shape.label === 'DEMANDED'}
          {...form.getInputProps('label')}
        />
      )}
      {shape.lookup && <LookupInputs form={form} rules={rules} descriptor={descriptor} />}
      {shape.choices && (
        <TagsInput
          label="Further choices"
          description="Beside the subjects that the org offers: press Enter after each."
          value={form.values.choices}
          onChange={(choices) => form.setFieldValue('choices', choices)}
          error={errorOf(form, 'choices')}
        />
      )}
      {shape.maxLength && (
        <TextInput
          label="Max Length"
          description={`In characters; left out, as many as the org takes${most ? `: ${most}` : ''}.`}
          inputMode="numeric"
          {...form.getInputProps('maxLength')}
        />
      )}
      {shape.currentDate && (
        <Checkbox
          label="Use Current Date Time"
          description="The form begins with today; agents can change it."
          {...form.getInputProps('useCurrentDate', { type: 'checkbox' })}
        />
      )}
      {shape.required && (
        <Checkbox
          label="Required"
          description="No record is made without it."
          {...form.getInputProps('required', { type: 'checkbox' })}
        />
      )}
    </>
  )
}
