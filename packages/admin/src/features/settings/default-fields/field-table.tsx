import { Switch, Table, Text } from '@mantine/core'
import { Note } from '../../../ui/note.tsx'
import { Panel } from '../../../ui/panel.tsx'
import type { FormFields } from '../use-settings-form.ts'
import { type DefaultField, type DefaultValues, requiredMember, shownMember, titleOf } from './default-values.ts'
import classes from './field-table.module.css'

interface FieldTableProps {
  form: FormFields<DefaultValues>
  title: string
  /** Whether agents may create it at all. */
  creatable: boolean
  fields: readonly DefaultField[]
}

/** The built-in fields of one entity type, each with its two switches. */
export function FieldTable({ form, title, creatable, fields }: FieldTableProps) {
  return (
    <Panel title={title}>
      {!creatable && <Note>Agents may not create it now. The switches count again once they may.</Note>}
      <Table className={classes['table'] ?? ''} verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Field</Table.Th>
            <Table.Th>Required</Table.Th>
            <Table.Th>Show on Form</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {fields.map((field) => (
            <FieldRow key={field.id} form={form} field={field} />
          ))}
        </Table.Tbody>
      </Table>
    </Panel>
  )
}

function FieldRow({ form: { values, set }, field }: { form: FormFields<DefaultValues>; field: DefaultField }) {
  const { label, name, demandedByCrm } = field
  const title = titleOf(field)
  const required = demandedByCrm || values[requiredMember(field)] === true
  const shown = demandedByCrm || values[shownMember(field)] === true
  const unused = title === 'Account Number' && values['accountNumberUsed'] === false
  return (
    <Table.Tr>
      <Table.Th scope="row" className={classes['field'] ?? ''}>
        {label}
        <Text size="xs" c="dimmed" component="div">
          {name}
        </Text>
        {demandedByCrm && (
          <Text size="xs" component="div">
            The CRM refuses a record without it, so it is always asked for.
          </Text>
        )}
        {unused && (
          <Text size="xs" component="div">
            Not on the form: Is Account Number Used is off.
          </Text>
        )}
        {required && !shown && <Note kind="WARNING">Required, but not on the form: it is not asked for.</Note>}
      </Table.Th>
      <Table.Td>
        <Switch
          aria-label={`${title} Required`}
          checked={required}
          disabled={demandedByCrm}
          onChange={(event) => set(requiredMember(field), event.currentTarget.checked)}
        />
      </Table.Td>
      <Table.Td>
        <Switch
          aria-label={`${title} Show on Form`}
          checked={shown}
          disabled={demandedByCrm}
          onChange={(event) => set(shownMember(field), event.currentTarget.checked)}
        />
      </Table.Td>
    </Table.Tr>
  )
}
