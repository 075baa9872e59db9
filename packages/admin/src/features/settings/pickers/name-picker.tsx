import { Combobox, Loader, Text, TextInput, useCombobox } from '@mantine/core'
import { useEffect, useEffectEvent, useState } from 'react'
import classes from './name-picker.module.css'

/** Something of the org that can be picked. */
export interface NameOption {
  /** The CRM's own name. */
  name: string
  label: string
  detail: string
}

interface NamePickerProps {
  label: string
  value: string
  /** Picked, or typed by hand. */
  onChange: (name: string) => void
  options: readonly NameOption[]
  /** What the options are to hold, as it is typed. */
  onSearch: (text: string) => void
  loading: boolean
  /** Why there are no options to pick from. */
  problem: string | null
  onRetry: () => void
  /** What the org calls the one that is chosen. */
  chosen: string | null
  error?: string | undefined
  description?: string | undefined
  disabled?: boolean | undefined
  required?: boolean | undefined
}

/** Cannot be a name in a CRM. */
const RETRY = ' retry'

/** Picks a name of the org by searching; a name that is typed by hand is taken too. */
export function NamePicker(props: NamePickerProps) {
  const { label, value, onChange, options, onSearch, loading, problem, onRetry, chosen } = props
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() })
  const [text, setText] = useState(value)
  const [typed, setTyped] = useState(false)
  const [known, setKnown] = useState(value)
  if (known !== value) {
    // It was filled in from elsewhere.
    setKnown(value)
    setText(value)
    setTyped(false)
  }
  const name = text.trim()
  const shown = typed ? ranked(options, name) : options
  const byHand = typed && name !== '' && !shown.some((option) => option.name === name)

  // What Enter takes while one types: the best there is.
  const first = shown[0]?.name
  const selectFirst = useEffectEvent(() => combobox.selectFirstOption())
  useEffect(() => {
    if (typed && (first !== undefined || name !== '')) selectFirst()
  }, [typed, first, name])

  function search(next: string) {
    setText(next)
    setTyped(true)
    onSearch(next.trim())
    combobox.openDropdown()
  }
  function choose(next: string) {
    setText(next)
    setKnown(next)
    setTyped(false)
    onSearch('')
    combobox.closeDropdown()
    if (next !== value) onChange(next)
  }

  return (
    <div>
      <Combobox
        store={combobox}
        onOptionSubmit={(submitted) => (submitted === RETRY ? onRetry() : choose(submitted))}
        disabled={props.disabled ?? false}
      >
        <Combobox.Target withExpandedAttribute>
          <TextInput
            label={label}
            value={text}
            description={props.description}
            error={props.error}
            disabled={props.disabled ?? false}
            required={props.required ?? false}
            aria-autocomplete="list"
            autoCapitalize="none"
            spellCheck={false}
            inputWrapperOrder={['label', 'description', 'input', 'error']}
            rightSection={loading ? <Loader size="xs" aria-label="Searching" /> : <Combobox.Chevron />}
            rightSectionPointerEvents="none"
            onChange={(event) => search(event.currentTarget.value)}
            onClick={() => combobox.openDropdown()}
            onBlur={() => {
              combobox.closeDropdown()
              if (typed) choose(name)
            }}
          />
        </Combobox.Target>
        {chosen && !typed && (
          <Text size="sm" c="dimmed" mt={4} className={classes['chosen']}>
            {chosen}
          </Text>
        )}
        <Combobox.Dropdown>
          <Combobox.Options className={classes['options']} aria-label={label}>
            {shown.map((option) => (
              <Combobox.Option key={option.name} value={option.name} active={option.name === value}>
                <span className={classes['option']}>
                  <span className={classes['label']}>{option.label}</span>
                  <span className={classes['detail']}>{option.detail}</span>
                  <span className={classes['name']}>{option.name}</span>
                </span>
              </Combobox.Option>
            ))}
            {byHand && <Combobox.Option value={name}>Use “{name}” as typed</Combobox.Option>}
            {problem && !loading && <Combobox.Option value={RETRY}>{problem} Try again</Combobox.Option>}
            {shown.length === 0 && !problem && (
              <Combobox.Empty>{loading ? 'Searching…' : 'The org has nothing like that.'}</Combobox.Empty>
            )}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
    </div>
  )
}

/** Those that hold what is typed, the likest first. */
function ranked(options: readonly NameOption[], text: string): NameOption[] {
  const wanted = text.toLowerCase()
  const rank = ({ name, label }: NameOption) => {
    const words = [name.toLowerCase(), label.toLowerCase()]
    if (words.includes(wanted)) return 0
    if (words.some((word) => word.startsWith(wanted))) return 1
    return words.some((word) => word.includes(wanted)) ? 2 : 3
  }
  return options.filter((option) => rank(option) < 3).sort((a, b) => rank(a) - rank(b))
}
