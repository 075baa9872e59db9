/** The one list of what is kept sealed: where it stands, and what each text is bound to. */

export interface SealedColumn {
  readonly table: string
  /** Which row it is; unique in its table. */
  readonly key: string
  readonly column: string
  /** What the text of a row is bound to, so that it opens in no other place. */
  readonly identity: (key: string) => string
}

const column = (table: string, name: string, identity: SealedColumn['identity'], key = 'id'): SealedColumn => ({
  table,
  key,
  column: name,
  identity,
})

export const sealed = {
  visitor: column('Conversation', 'visitorSealed', (id) => `Conversation:${id}:visitor`),
  variables: column('Conversation', 'variablesSealed', (id) => `Conversation:${id}:variables`),
  match: column('Conversation', 'matchSealed', (id) => `Conversation:${id}:match`),
  content: column('Message', 'contentSealed', (id) => `Message:${id}:content`),
  snapshot: column('Tag', 'snapshotSealed', (id) => `Tag:${id}:snapshot`),
  backendValues: column('Tag', 'backendValuesSealed', (id) => `Tag:${id}:backendValues`),
  plan: column('Push', 'planSealed', (id) => `Push:${id}:plan`),
  pushError: column('Push', 'errorSealed', (id) => `Push:${id}:error`),
  config: column('Integration', 'configSealed', (id) => `Integration:${id}:config`),
  tokens: column('IntegrationToken', 'tokensSealed', (id) => `IntegrationToken:${id}`, 'integrationId'),
  signIn: column('SignInAttempt', 'detailSealed', (hash) => `SignInAttempt:${hash}`, 'stateHash'),
  /** Of this table the lasting keys alone are ours; what else it holds belongs to better-auth, and is not sealed. */
  lastingKeys: column('Verification', 'value', (id) => `Verification:${id}:value`),
} satisfies Record<string, SealedColumn>

export const sealedColumns: readonly SealedColumn[] = Object.values(sealed)
