import { useMemo } from 'react'
import { useQuery } from 'urql'
import { graphql } from '../../../graphql/generated/index.ts'
import { useSettings } from '../settings-context.ts'
import { useFieldTypes } from '../use-field-types.ts'
import type { FieldList, FieldRules } from './shape.ts'

const FieldRules_Query = graphql(`
  query FieldRules_Query {
    providers {
      provider
      settings {
        variableLabel
        variableFieldType
        backendLookupHasLabel
        activitySubjectField
        backendFieldName
      }
    }
  }
`)

/** What the form of one list asks for in this CRM; null until it is known. */
export function useFieldRules(list: FieldList): FieldRules | null {
  const { integration } = useSettings()
  const [{ data }] = useQuery({ query: FieldRules_Query })
  const types = useFieldTypes()
  const settings = data?.providers.find((it) => it.provider === integration.provider)?.settings
  return useMemo(() => {
    if (!settings || types.length === 0) return null
    const isExport = list === 'EXPORT'
    return {
      list,
      fieldTypes: types.filter(({ inExport }) => inExport || !isExport),
      variableLabel: settings.variableLabel,
      variableFieldType: settings.variableFieldType ?? null,
      lookupHasLabel: isExport || settings.backendLookupHasLabel,
      subjectField: isExport ? null : (settings.activitySubjectField ?? null),
      nameLabel: isExport ? 'Field Name' : settings.backendFieldName,
    }
  }, [settings, types, list])
}
