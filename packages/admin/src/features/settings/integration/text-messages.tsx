import { Select } from '@mantine/core'
import { DescribedSwitch } from '../../../ui/described-switch.tsx'
import { Note } from '../../../ui/note.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { FieldPicker } from '../pickers/field-picker.tsx'
import type { FormFields } from '../use-settings-form.ts'
import { closedToSearch, searchIsOff } from './closed-to-search.ts'
import { type CommonValues, type EntityTypes, identifiers } from './common-values.ts'
import classes from './integration-settings.module.css'
import { MatchIdentifierSelect } from './match-identifier-select.tsx'

interface TextMessagesProps {
  form: FormFields<CommonValues>
  entityTypes: EntityTypes
  /** What this CRM's form calls the switch of fetching. */
  fetchLabel: string
  /** The field that the guide matches by, as an example. */
  example: string
}

/** What a new text message is looked up for, and whether it is tagged by itself. */
export function TextMessages({ form, entityTypes, fetchLabel, example }: TextMessagesProps) {
  const { values, set, errors } = form
  const defaults = entityTypes.filter(({ kind }) => kind !== 'CUSTOM')
  const chosen = defaults.find(({ id }) => id === values.smsEntity)
  const closed = chosen && closedToSearch(chosen, values)
  return (
    <Panel title="Text messages">
      <DescribedSwitch
        label={fetchLabel}
        description="A new text message looks for a record with the same phone number and fills in the first and last name."
        checked={values.fetchCrmData}
        onChange={(on) => set('fetchCrmData', on)}
      />
      <DescribedSwitch
        label="Allow Auto SMS Push"
        description="The first record that is found is tagged without asking; the one changed last comes first."
        checked={values.smsPush}
        onChange={(on) => set('smsPush', on)}
      />
      {values.smsPush && (
        <div className={classes['revealed']}>
          {!values.fetchCrmData && (
            <Note kind="WARNING">Allow Auto SMS Push does nothing while {fetchLabel} is off.</Note>
          )}
          <div className={classes['pair']}>
            <Select
              label="Entity"
              description="One of the three default ones."
              required
              allowDeselect={false}
              data={defaults.map(({ id, displayName }) => ({ value: id, label: displayName }))}
              value={values.smsEntity}
              onChange={(id) => {
                if (id === values.smsEntity) return
                set('smsEntity', id)
                set('smsField', '')
              }}
              error={errors['autoSmsPush.entityTypeId']}
            />
            <FieldPicker
              entityName={chosen?.name ?? ''}
              label="Entity Field to Map"
              description={`For instance ${example}.`}
              required
              disabled={!chosen}
              value={values.smsField}
              onChange={(name) => set('smsField', name)}
              error={errors['autoSmsPush.field']}
            />
          </div>
          <MatchIdentifierSelect
            label="Compared with the visitor's"
            value={values.smsIdentifier}
            onChange={(identifier) => set('smsIdentifier', identifier)}
          />
          {closed && <Note kind="WARNING">{searchIsOff(chosen.displayName)}</Note>}
          {chosen && values.smsField !== '' && (
            <Note>
              A text message is tagged to the {chosen.displayName} whose {values.smsField} is the visitor's{' '}
              {identifiers[values.smsIdentifier].toLowerCase()}.
            </Note>
          )}
        </div>
      )}
    </Panel>
  )
}
