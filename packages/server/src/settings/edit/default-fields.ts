import type { DefaultFieldSnapshot } from '../../integrations/settings.ts'
import { NotAllowedError, ValidationError } from '../../shared/errors.ts'
import { descriptorOf, type Edit } from './edit.ts'
import { withGeneral } from './general.ts'

/** What is not given stays. */
export interface DefaultFieldInput {
  id: string
  required?: boolean | null | undefined
  showOnForm?: boolean | null | undefined
}

/** What the form of an account depends on besides (Salesforce). What is not given stays. */
export interface AccountFormInput {
  personAccountEnabled?: boolean | null | undefined
  accountNumberUsed?: boolean | null | undefined
  /** Null or blank: none. */
  accountEmailField?: string | null | undefined
}

/** @throws NotAllowedError where the CRM has no such account form */
export function updateDefaultFields(inputs: readonly DefaultFieldInput[], account: AccountFormInput = {}): Edit {
  return (draft, integration) => {
    const ofAccounts = Object.values(account).some((it) => it !== undefined)
    if (ofAccounts && integration.provider !== 'SALESFORCE') {
      throw new NotAllowedError(`${descriptorOf(integration).displayName} has no person accounts and no such switches.`)
    }
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
    const summary = labels.length > 0 ? `Changed the default fields ${labels.join(', ')}` : 'Changed the account form'
    return {
      section: 'DEFAULT_FIELDS',
      summary,
      changedId: null,
      draft: { ...withGeneral(draft, account), defaultFields: draft.defaultFields.map(changed) },
      place: (subject, path) => {
        if (subject.id === draft.id) return ['input', ...path]
        const index = inputs.findIndex(({ id }) => id === subject.id)
        return ['input', 'fields', ...(index < 0 ? [] : [String(index), ...path])]
      },
    }
  }
}
