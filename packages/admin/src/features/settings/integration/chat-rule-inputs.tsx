import { Button, Select } from '@mantine/core'
import { FieldPicker } from '../pickers/field-picker.tsx'
import { type ChatRule, type EntityTypes, identifiers } from './common-values.ts'
import classes from './integration-settings.module.css'
import { MatchIdentifierSelect } from './match-identifier-select.tsx'

interface ChatRuleInputsProps {
  rule: ChatRule
  entityTypes: EntityTypes
  errorAt: (name: 'entityTypeId' | 'field') => string | undefined
  onChange: (change: Partial<ChatRule>) => void
  onRemove: () => void
}

/** One identifier, and the field of which entity it is compared with. */
export function ChatRuleInputs({ rule, entityTypes, errorAt, onChange, onRemove }: ChatRuleInputsProps) {
  const entityType = entityTypes.find(({ id }) => id === rule.entityTypeId)
  return (
    <div className={classes['rule']}>
      <MatchIdentifierSelect
        label="Field identifier"
        value={rule.identifier}
        onChange={(identifier) => onChange({ identifier })}
      />
      <Select
        label="Entity"
        required
        allowDeselect={false}
        data={entityTypes.map(({ id, displayName }) => ({ value: id, label: displayName }))}
        value={rule.entityTypeId}
        onChange={(id) => id !== null && id !== rule.entityTypeId && onChange({ entityTypeId: id, field: '' })}
        error={errorAt('entityTypeId')}
      />
      <div className={classes['field']}>
        <FieldPicker
          entityName={entityType?.name ?? ''}
          label="Entity Field to Map"
          required
          value={rule.field}
          onChange={(field) => onChange({ field })}
          error={errorAt('field')}
        />
      </div>
      <Button
        className={classes['remove']}
        variant="subtle"
        color="red"
        size="compact-sm"
        aria-label={`Remove ${identifiers[rule.identifier]}`}
        onClick={onRemove}
      >
        Remove
      </Button>
    </div>
  )
}
