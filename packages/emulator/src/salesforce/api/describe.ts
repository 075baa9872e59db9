import type { Store } from '../../store.ts'
import type { FieldDefinition, FieldType } from '../metadata/definition.ts'
import type { SObject } from '../metadata/schema.ts'
import { recordTypesOf } from '../records/record-types.ts'

/** The id that stands for "no record type". */
export const masterRecordType = '012000000000000AAA'

const soapTypes: Partial<Record<FieldType, string>> = {
  id: 'tns:ID',
  reference: 'tns:ID',
  boolean: 'xsd:boolean',
  int: 'xsd:int',
  double: 'xsd:double',
  currency: 'xsd:double',
  percent: 'xsd:double',
  date: 'xsd:date',
  datetime: 'xsd:dateTime',
}

/** The entry of an object in the global describe. */
export function describeBriefly(object: SObject, version: string) {
  const base = `/services/data/${version}/sobjects/${object.name}`
  return {
    activateable: false,
    createable: object.createable,
    custom: object.custom,
    customSetting: false,
    deletable: object.deletable,
    deprecatedAndHidden: false,
    feedEnabled: false,
    hasSubtypes: false,
    keyPrefix: object.keyPrefix,
    label: object.label,
    labelPlural: object.labelPlural,
    layoutable: object.createable,
    mergeable: false,
    name: object.name,
    queryable: true,
    replicateable: true,
    retrieveable: true,
    searchable: object.searchable,
    triggerable: object.createable,
    undeletable: object.deletable,
    updateable: object.updateable,
    urls: { sobject: base, describe: `${base}/describe`, rowTemplate: `${base}/{ID}` },
  }
}

/** The whole description of an object (crm-apis.md 2.7). */
export function describeObject(object: SObject, version: string, store: Pick<Store, 'table'>) {
  return {
    ...describeBriefly(object, version),
    childRelationships: object.children.map((child) => ({
      cascadeDelete: false,
      childSObject: child.childSObject,
      deprecatedAndHidden: false,
      field: child.field,
      junctionIdListNames: [],
      junctionReferenceTo: [],
      relationshipName: child.relationshipName,
      restrictedDelete: false,
    })),
    fields: object.fields.map(describeField),
    recordTypeInfos: describeRecordTypes(object, version, store),
    supportedScopes: [{ label: `All ${object.labelPlural}`, name: 'everything' }],
  }
}

function describeField(field: FieldDefinition) {
  return {
    ...field,
    aggregatable: field.filterable,
    byteLength: field.length * 3,
    caseSensitive: false,
    controllerName: null,
    dependentPicklist: false,
    deprecatedAndHidden: false,
    digits: field.type === 'int' ? 8 : 0,
    encrypted: false,
    extraTypeInfo: field.type === 'textarea' ? 'plaintextarea' : null,
    groupable: field.filterable && field.type !== 'datetime',
    htmlFormatted: false,
    namePointing: field.referenceTo.length > 1,
    permissionable: field.nillable && field.createable,
    polymorphicForeignKey: field.referenceTo.length > 1,
    queryByDistance: false,
    soapType: soapTypes[field.type] ?? 'xsd:string',
  }
}

function describeRecordTypes(object: SObject, version: string, store: Pick<Store, 'table'>) {
  const base = `/services/data/${version}/sobjects/${object.name}/describe/layouts`
  const info = (id: string, name: string, developerName: string, isDefault: boolean, master: boolean) => ({
    active: true,
    available: true,
    defaultRecordTypeMapping: isDefault,
    developerName,
    master,
    name,
    recordTypeId: id,
    urls: { layout: `${base}/${id}` },
  })
  const own = recordTypesOf(object, store)
  return [
    ...own.map((row) => info(String(row.Id), String(row.Name), String(row.DeveloperName), row === own[0], false)),
    info(masterRecordType, 'Master', 'Master', own.length === 0, true),
  ]
}
