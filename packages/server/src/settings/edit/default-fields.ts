import type { DefaultFieldSnapshot } from '../../integrations/settings.ts'
import { ValidationError } from '../../shared/errors.ts'
import { descriptorOf, type Edit } from './edit.ts'

/** What is not given stays. */
export interface DefaultFieldInput {
  id: string
  required?: boolean | null | undefined
  showOnForm?: boolean | null | undefined
}

export function updateDefaultFields(inputs: readonly DefaultFieldInput[]): Edit {
  return (draft, integration) => {
    const faults = inputs.flatMap(({ id }, index) => {
      const path = ['input', 'fields', String(index), 'id']
      if (!draft.defaultFields.some((field) => field.id === id)) {
        return [{ path, message: 'There is no such default field.' }]
      }
      return inputs.findIndex((it) => it.id === id) < index ? [{ path, message: 'This field is given twice.' }] : []
    })
    if (faults.length > 0) throw new ValidationError(faults)

    const changed = (field: DefaultFieldSnapshot): DefaultFieldSnapshot => {
      const input = inputs.find(({ id }) => id === field.id)
      return {
        ...field,
        required: input?.required ?? field.required,
        showOnForm: input?.showOnForm ?? field.showOnForm,
      }
    }
    const labels = inputs.map(({ id }) => {
      const field = draft.defaultFields.find((it) => it.id === id)
      const known = descriptorOf(integration).defaultFields.find(
        ({ kind, name }) => kind === field?.kind && name === field.name,
      )
      return `${integration.entityTypes.find(({ kind }) => kind === field?.kind)?.displayName} ${known?.label}`
    })
    return {
      section: 'DEFAULT_FIELDS',
      summary: `Changed the default fields ${labels.join(', ')}`,
      changedId: null,
      draft: { ...draft, defaultFields: draft.defaultFields.map(changed) },
      place: (subject, path) => {
        const index = inputs.findIndex(({ id }) => id === subject.id)
        return ['input', 'fields', ...(index < 0 ? [] : [String(index), ...path])]
      },
    }
  }
}
