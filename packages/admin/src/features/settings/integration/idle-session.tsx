import { NumberInput } from '@mantine/core'
import { Panel } from '../../../ui/panel.tsx'
import type { FormFields } from '../use-settings-form.ts'
import classes from './integration-settings.module.css'
import type { SalesforceValues } from './salesforce-values.ts'

/** When somebody is asked whether the session with Salesforce is to go on. */
export function IdleSession({ form: { values, set, errors } }: { form: FormFields<SalesforceValues> }) {
  return (
    <Panel
      title="Session"
      about="Only where Salesforce gave nothing that renews a session: after some time without a call an admin is asked whether to go on, and without an answer the org is disconnected."
    >
      <div className={classes['pair']}>
        <NumberInput
          label="Minutes without a call"
          allowDecimal={false}
          allowNegative={false}
          hideControls
          value={values.sessionIdleMinutes}
          onChange={(value) => set('sessionIdleMinutes', wholeOf(value))}
          error={errors['sessionIdleMinutes']}
        />
        <NumberInput
          label="Seconds to answer"
          allowDecimal={false}
          allowNegative={false}
          hideControls
          value={values.sessionGraceSeconds}
          onChange={(value) => set('sessionGraceSeconds', wholeOf(value))}
          error={errors['sessionGraceSeconds']}
        />
      </div>
    </Panel>
  )
}

/** What is no number yet is blank. */
function wholeOf(value: string | number): number | '' {
  return typeof value === 'number' ? value : ''
}
