/** What must hold of settings whatever the org has: asked of a whole draft, before the CRM is. Pure. */
import type { EntityTypeSnapshot } from '../../integrations/settings.ts'
import type { IntegrationSnapshot } from '../../integrations/snapshot.ts'
import { descriptorOf } from '../edit/edit.ts'
import { type FieldLists, fieldListNames, fieldLists } from '../edit/field-list.ts'
import { type Fault, faultsOf, type SettingFault } from './fault.ts'
import { checkBackendField, checkExportField, checkShownField, type FieldContext } from './field-structure.ts'
import { checkGeneral } from './general-structure.ts'
import { checkLength, LABEL_LENGTH, NAME_LENGTH } from './lengths.ts'

/** @param variables the names of the chat variables that the workspace knows */
export function checkStructure(integration: IntegrationSnapshot, variables: readonly string[]): SettingFault[] {
  const { settings, entityTypes } = integration
  const context: FieldContext = { integration, descriptor: descriptorOf(integration), variables }
  return [
    ...faultsOf({ section: 'INTEGRATION', id: settings.id }, (fault) => checkGeneral(integration, fault)),
    ...entityTypes.flatMap((entityType, index) =>
      faultsOf({ section: 'ENTITIES', id: entityType.id }, (fault) =>
        checkEntityType(entityType, entityTypes.slice(0, index), context, fault),
      ),
    ),
    ...fieldListNames.flatMap((list) =>
      settings[list].flatMap((field, index) =>
        faultsOf({ section: fieldLists[list].section, id: field.id }, (fault) => {
          checkPlace(field, settings[list].slice(0, index), context, list, fault)
          checks[list](field as never, context, fault)
        }),
      ),
    ),
  ]
}

const checks: { [List in keyof FieldLists]: (field: FieldLists[List], context: FieldContext, fault: Fault) => void } = {
  exportFields: checkExportField,
  searchFields: checkShownField,
  detailFields: checkShownField,
  backendFields: checkBackendField,
}

function checkEntityType(
  entityType: EntityTypeSnapshot,
  earlier: readonly EntityTypeSnapshot[],
  { descriptor }: FieldContext,
  fault: Fault,
): void {
  checkLength(['name'], entityType.name, NAME_LENGTH, fault)
  checkLength(['displayName'], entityType.displayName, LABEL_LENGTH, fault)
  checkLength(['primaryField'], entityType.primaryField, NAME_LENGTH, fault)
  checkLength(['primaryFieldLabel'], entityType.primaryFieldLabel, LABEL_LENGTH, fault)
  // D-ENT-11. No CRM has two names that differ by case alone.
  if (earlier.some(({ name }) => name.toLowerCase() === entityType.name.toLowerCase())) {
    fault(['name'], `${entityType.name} is among the entity types already.`)
  }
  //
  if (entityType.kind === 'CUSTOM' && !entityType.searchable && !descriptor.settings.entitySearchSwitch) {
    fault(['searchable'], `An added entity type of ${descriptor.displayName} can always be searched.`)
  }
}

/** A field belongs to an entity type and is there once. */
function checkPlace(
  field: FieldLists[keyof FieldLists],
  earlier: readonly FieldLists[keyof FieldLists][],
  { integration }: FieldContext,
  list: keyof FieldLists,
  fault: Fault,
): void {
  checkLength(['name'], field.name, NAME_LENGTH, fault)
  const target = 'target' in field ? field.target : 'RECORD'
  if (target === 'RECORD' && !integration.entityTypes.some(({ id }) => id === field.entityTypeId)) {
    fault(['entityTypeId'], 'Name one of the entity types of this integration.')
  }
  if (earlier.some(({ entityTypeId, name }) => entityTypeId === field.entityTypeId && name === field.name)) {
    fault(['name'], `${field.name} is among the ${fieldLists[list].noun}s of this entity type already.`)
  }
}
