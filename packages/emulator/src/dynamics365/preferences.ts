/** What a request's `Prefer` header asks for (crm-apis.md 1.3). */
export interface Preferences {
  returnRepresentation: boolean
  /** 1 to 5000. */
  maxPageSize?: number
  continueOnError: boolean
  annotations: AnnotationFilter
}

/** Which annotations were asked for. */
export interface AnnotationFilter {
  formattedValue: boolean
  lookupLogicalName: boolean
  associatedNavigationProperty: boolean
  totalRecordCount: boolean
  /** `*`: errors tell more. */
  all: boolean
}

const none: AnnotationFilter = {
  formattedValue: false,
  lookupLogicalName: false,
  associatedNavigationProperty: false,
  totalRecordCount: false,
  all: false,
}

/** Unknown preferences are ignored, as the protocol says. */
export function readPreferences(header: string | undefined): Preferences {
  const text = header ?? ''
  const pageSize = /odata\.maxpagesize\s*=\s*(\d+)/i.exec(text)?.[1]
  const annotations = /odata\.include-annotations\s*=\s*(?:"([^"]*)"|([^,;\s]+))/i.exec(text)
  return {
    returnRepresentation: /(^|[,;\s])return\s*=\s*representation/i.test(text),
    ...(pageSize !== undefined && { maxPageSize: Math.min(5000, Math.max(1, Number(pageSize))) }),
    continueOnError: /odata\.continue-on-error/i.test(text),
    annotations: annotations ? toFilter((annotations[1] ?? annotations[2] ?? '').split(',')) : none,
  }
}

function toFilter(patterns: readonly string[]): AnnotationFilter {
  const wants = (name: string) =>
    patterns.some((pattern) => {
      const wanted = pattern.trim()
      return wanted.endsWith('*') ? name.startsWith(wanted.slice(0, -1)) : wanted === name
    })
  return {
    formattedValue: wants('OData.Community.Display.V1.FormattedValue'),
    lookupLogicalName: wants('Microsoft.Dynamics.CRM.lookuplogicalname'),
    associatedNavigationProperty: wants('Microsoft.Dynamics.CRM.associatednavigationproperty'),
    totalRecordCount: wants('Microsoft.Dynamics.CRM.totalrecordcount'),
    all: patterns.some((pattern) => pattern.trim() === '*'),
  }
}

/** The `Preference-Applied` header for what was honoured. */
export function preferenceApplied(header: string | undefined): Record<string, string> {
  const applied = (header ?? '').match(
    /odata\.(include-annotations|maxpagesize)\s*=\s*("[^"]*"|[^,;\s]+)|return\s*=\s*representation/gi,
  )
  return applied ? { 'preference-applied': applied.join(',') } : {}
}
