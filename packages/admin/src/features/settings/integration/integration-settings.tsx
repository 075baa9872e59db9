import { graphql, readFragment } from '../../../graphql/generated/index.ts'
import { PageTitle } from '../../../ui/page-title.tsx'
import { useSettings } from '../settings-context.ts'
import { CommonSettings_Integration } from './common-values.ts'
import { DynamicsForm } from './dynamics-form.tsx'
import { SalesforceForm } from './salesforce-form.tsx'

const IntegrationSettings_Integration = graphql(`
  fragment IntegrationSettings_Integration on Integration {
    id
    ...CommonSettings_Integration
    settings {
      __typename
      id
      ...DynamicsForm_Settings
      ...SalesforceForm_Settings
    }
  }
`)

/** What is not a list: what agents may do, how visitors are matched, and as what conversations are filed. */
export function IntegrationSettings() {
  const integration = readFragment(IntegrationSettings_Integration, useSettings().integration)
  const { settings } = integration
  const common = readFragment(CommonSettings_Integration, integration)
  return (
    <>
      <PageTitle
        title="Integration settings"
        about="What agents may do, how visitors are matched with records, and as what conversations are filed."
      />
      {settings.__typename === 'DynamicsSettings' ? (
        <DynamicsForm integration={common} settings={settings} />
      ) : (
        <SalesforceForm integration={common} settings={settings} />
      )}
    </>
  )
}
