/** The choices that settings are made of, in GraphQL. */
import { builder } from '../builder.ts'
import type {
  BackendTarget,
  ChatsSaveTo,
  CheckState,
  MatchIdentifier,
  SearchOrderIdentifier,
  VariableType,
} from './settings.ts'

type Described<Name extends string> = Record<Name, { description: string }>

export const SearchOrderIdentifierEnum = builder.enumType('SearchOrderIdentifier', {
  description: 'By what records of a visitor are looked for.',
  values: {
    PHONE: { description: 'The phone number, whatever its format.' },
    EMAIL: { description: 'The e-mail address.' },
    FULL_NAME: { description: 'The whole name.' },
  } satisfies Described<SearchOrderIdentifier>,
})

export const MatchIdentifierEnum = builder.enumType('MatchIdentifier', {
  description: 'By what a visitor is looked for by itself.',
  values: {
    PHONE: { description: 'The phone number, whatever its format.' },
    EMAIL: { description: 'The e-mail address.' },
    ACCOUNT_ID: { description: "What the chat product calls the visitor's account." },
  } satisfies Described<MatchIdentifier>,
})

export const ChatsSaveToEnum = builder.enumType('ChatsSaveTo', {
  description: 'As what transcripts are filed (Dynamics 365).',
  values: {
    NOTES: { description: 'A note. Notes cannot be closed.' },
    TASK: { description: 'A task.' },
    CUSTOM_ACTIVITY: { description: 'Any activity type of the org, by its name.' },
  } satisfies Described<ChatsSaveTo>,
})

export const VariableTypeEnum = builder.enumType('VariableType', {
  description: 'Where the value of a field comes from.',
  values: {
    CHAT_VARIABLE: { description: 'A chat variable ("Alive5 Custom Variable").' },
    CONSTANT: { description: 'The admin fixed it. It is not on the form.' },
    INPUT: { description: 'The agent gives it, on the form.' },
  } satisfies Described<VariableType>,
})

export const BackendTargetEnum = builder.enumType('BackendTarget', {
  description: 'What a backend field is written to.',
  values: {
    RECORD: { description: 'The record that is made or tagged.' },
    ACTIVITY: { description: 'The activity that holds the transcript: its subject (Salesforce).' },
  } satisfies Described<BackendTarget>,
})

export const CheckStateEnum = builder.enumType('CheckState', {
  description: "What the org's metadata last said of a setting.",
  values: {
    OK: { description: 'The org has what it names.' },
    UNCHECKED: { description: 'It was saved while the org could not be asked. It is checked when it is connected.' },
    BROKEN: { description: 'The org does not have what it names. It is left out; `Integration.problems` says why.' },
  } satisfies Described<CheckState>,
})
