export { createPhoneMatcher, matchPhone, type PhoneMatch } from './match.ts'
export { isPhoneRegion, type PhoneNumber, parsePhone } from './parse.ts'
export { phonePatterns, phoneSpellings } from './spellings.ts'
