export { matchPhone } from './match.ts'
export { type PhoneNumber, parsePhone } from './parse.ts'
export { phonePatterns, phoneSpellings } from './spellings.ts'
