import { Radio, Select, Stack } from '@mantine/core'
import { useQuery } from 'urql'
import type { VariableType } from '../../../graphql/generated/graphql.ts'
import { graphql } from '../../../graphql/generated/index.ts'
import { AnchorLink } from '../../../ui/link.tsx'
import { type DraftForm, errorOf } from './draft-form.ts'
import { wordsOf } from './list-words.ts'
import type { FieldRules } from './shape.ts'

const VariableInput_Query = graphql(`
  query VariableInput_Query { viewer { workspace { id chatVariables { name builtIn } } } }
`)

interface VariableTypeInputProps {
  form: DraftForm
  rules: FieldRules
  types: readonly VariableType[]
}

/** Where the value comes from. */
export function VariableTypeInput({ form, rules, types }: VariableTypeInputProps) {
  const { when } = wordsOf[rules.list]
  const words: Record<VariableType, { label: string; description: string }> = {
    CHAT_VARIABLE: {
      label: rules.variableLabel,
      description: 'What the chat itself knows, or what the script or address that began it has passed on.',
    },
    CONSTANT: { label: 'Constant', description: `The same value ${when}. It is not on the form.` },
    INPUT: { label: 'Input Field', description: `On the form: agents give the value ${when}.` },
  }
  return (
    <Radio.Group label="Variable Type" required {...form.getInputProps('variableType')}>
      <Stack gap={6} mt={4}>
        {types.map((type) => (
          <Radio key={type} value={type} {...words[type]} />
        ))}
      </Stack>
    </Radio.Group>
  )
}

/** Which chat variable. */
export function VariableInput({ form }: { form: DraftForm }) {
  const [{ data }] = useQuery({ query: VariableInput_Query })
  const variables = data?.viewer.workspace.chatVariables ?? []
  const { variable } = form.values
  const group = (label: string, builtIn: boolean) => ({
    group: label,
    items: variables.filter((it) => it.builtIn === builtIn).map(({ name }) => name),
  })
  const isKnown = variable === '' || variables.some(({ name }) => name === variable)
  return (
    <Select
      label="Value"
      description={
        <>
          A script or an address must pass it on by this very name.{' '}
          <AnchorLink to="/workspace" inherit>
            Add variables of your own
          </AnchorLink>
        </>
      }
      required
      searchable
      allowDeselect={false}
      nothingFoundMessage="There is no such chat variable."
      data={[
        ...[group('Of every chat', true), group('Of this workspace', false)].filter(({ items }) => items.length > 0),
        ...(isKnown ? [] : [variable]),
      ]}
      value={variable || null}
      onChange={(chosen) => form.setFieldValue('variable', chosen ?? '')}
      error={errorOf(form, 'variable')}
    />
  )
}
