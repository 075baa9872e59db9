/** What a `$filter` says, before any name in it is looked up. */

export const comparisons = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const
export type Comparison = (typeof comparisons)[number]

export const textFunctions = ['contains', 'startswith', 'endswith'] as const
export type TextFunction = (typeof textFunctions)[number]

export type Literal =
  | { type: 'null' }
  | { type: 'string'; value: string }
  | { type: 'boolean'; value: boolean }
  /** `text` keeps how it was written: `5` is an integer, `5.0` a decimal. */
  | { type: 'number'; value: number; text: string }
  | { type: 'guid'; value: string }
  | { type: 'date'; value: string }
  | { type: 'dateTime'; value: string }
  | { type: 'enum'; enumType: string; value: string }

/** Names between slashes: `primarycontactid/fullname`. The first may be a lambda's variable. */
export interface Path {
  kind: 'path'
  segments: readonly string[]
}

export type Operand = Path | { kind: 'literal'; literal: Literal }

export type Expression =
  | { kind: 'and' | 'or'; operands: readonly Expression[] }
  | { kind: 'not'; operand: Expression }
  | { kind: 'compare'; operator: Comparison; left: Operand; right: Operand }
  | { kind: 'text'; function: TextFunction; path: Path; value: Literal }
  /** A function of the vendor: `Microsoft.Dynamics.CRM.In(PropertyName='x',PropertyValues=['a'])`. */
  | { kind: 'query'; function: string; property: string; values: readonly Literal[] }
  | { kind: 'lambda'; quantifier: 'any' | 'all'; collection: Path; variable: string; body: Expression | null }
  /** A Boolean property standing alone. */
  | { kind: 'truth'; path: Path }
