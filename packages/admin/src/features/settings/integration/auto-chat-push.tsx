import { Button, Stack, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useCallback, useRef } from 'react'
import { DescribedSwitch } from '../../../ui/described-switch.tsx'
import { Note } from '../../../ui/note.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { SortableList } from '../../../ui/sortable-list.tsx'
import type { FormFields } from '../use-settings-form.ts'
import { ChatRuleInputs } from './chat-rule-inputs.tsx'
import { closedToSearch, searchIsOff } from './closed-to-search.ts'
import { type ChatRule, type CommonValues, type EntityTypes, identifiers } from './common-values.ts'
import classes from './integration-settings.module.css'
import { matchIdentifiers } from './match-identifier-select.tsx'

interface AutoChatPushProps {
  form: FormFields<CommonValues>
  entityTypes: EntityTypes
}

/** Whether the record of whoever chats is found by itself, and by what. */
export function AutoChatPush({ form, entityTypes }: AutoChatPushProps) {
  const { values, set, errors } = form
  const { chatRules } = values
  const adder = useRef<HTMLButtonElement>(null)

  const changeRule = (id: string, change: Partial<ChatRule>) =>
    set(
      'chatRules',
      chatRules.map((rule) => (rule.id === id ? { ...rule, ...change } : rule)),
    )
  function addRule(rules: readonly ChatRule[]) {
    // The contact is whom one usually chats with.
    const entityType = entityTypes.find(({ kind }) => kind === 'CONTACT') ?? entityTypes[0]
    const identifier = matchIdentifiers.find((it) => !rules.some((rule) => rule.identifier === it)) ?? 'PHONE'
    if (!entityType) return
    set('chatRules', [...rules, { id: crypto.randomUUID(), identifier, entityTypeId: entityType.id, field: '' }])
  }
  function removeRule(id: string) {
    set(
      'chatRules',
      chatRules.filter((rule) => rule.id !== id),
    )
    adder.current?.focus()
  }
  function toggle(on: boolean) {
    set('chatPush', on)
    if (on && chatRules.length === 0) addRule([])
  }
  const reorder = useCallback(
    async (ids: string[]) => {
      set(
        'chatRules',
        ids.flatMap((id) => chatRules.find((rule) => rule.id === id) ?? []),
      )
      return true
    },
    [set, chatRules],
  )
  const closed = entityTypes.filter(
    (it) => closedToSearch(it, values) && chatRules.some(({ entityTypeId }) => entityTypeId === it.id),
  )

  return (
    <Panel title="Chats">
      <DescribedSwitch
        label="Allow Auto Chat Push"
        description="When somebody chats, their record is looked for and offered to the agent."
        checked={values.chatPush}
        onChange={toggle}
      />
      {values.chatPush && (
        <div className={classes['revealed']}>
          <Text size="sm">
            Put first what tells best who somebody is: the first identifier that finds a record decides, and what is not
            known of the visitor is left out.
          </Text>
          <SortableList
            label="Field identifiers"
            items={chatRules}
            itemName={nameOf}
            renderItem={(rule) => (
              <ChatRuleInputs
                rule={rule}
                entityTypes={entityTypes}
                errorAt={(name) => errors[`autoChatPush.rules.${chatRules.indexOf(rule)}.${name}`]}
                onChange={(change) => changeRule(rule.id, change)}
                onRemove={() => removeRule(rule.id)}
              />
            )}
            onReorder={reorder}
          />
          <Stack gap="xs" align="flex-start">
            <Button
              ref={adder}
              variant="default"
              size="xs"
              leftSection={<IconPlus size={16} aria-hidden />}
              onClick={() => addRule(chatRules)}
            >
              Add an identifier
            </Button>
            {errors['autoChatPush.rules'] && (
              <Text size="sm" c="var(--mantine-color-error)" role="alert">
                {errors['autoChatPush.rules']}
              </Text>
            )}
          </Stack>
          {closed.map(({ id, displayName }) => (
            <Note key={id} kind="WARNING">
              {searchIsOff(displayName)}
            </Note>
          ))}
          <DescribedSwitch
            label="Tag without asking when exactly one record matches"
            description="Otherwise an agent decides with one click."
            checked={values.chatUnasked}
            onChange={(on) => set('chatUnasked', on)}
          />
        </div>
      )}
    </Panel>
  )
}

const nameOf = ({ identifier }: ChatRule) => identifiers[identifier]
