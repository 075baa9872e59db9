import type { ReactNode } from 'react'
import { SaveBar } from '../../ui/save-bar.tsx'
import { useFocusOnFault } from '../../ui/use-focus-on-fault.ts'
import { ClashNotice } from './clash-notice.tsx'
import classes from './settings-form-frame.module.css'
import type { SettingsForm } from './use-settings-form.ts'

interface SettingsFormFrameProps<Values> {
  form: SettingsForm<Values>
  /** What people call the form. */
  label: string
  /** What a value of a member says to people, with the member's label. */
  describe: (member: keyof Values & string, values: Values) => { label: string; value: ReactNode }
  children: ReactNode
}

/** A form that is saved as a whole: its inputs, what somebody else saved meanwhile, and the bar that saves it. */
export function SettingsFormFrame<Values>({ form, label, describe, children }: SettingsFormFrameProps<Values>) {
  const { errors, clash, dirty, saving, message, save, discard, takeTheirs } = form
  const element = useFocusOnFault(errors)

  return (
    <form
      ref={element}
      aria-label={label}
      className={classes['form']}
      noValidate
      onSubmit={(event) => event.preventDefault()}
    >
      <ClashNotice clash={clash} describe={describe} onTakeTheirs={takeTheirs} />
      {children}
      <SaveBar dirty={dirty} saving={saving} message={message} onSave={() => void save()} onDiscard={discard} />
    </form>
  )
}
