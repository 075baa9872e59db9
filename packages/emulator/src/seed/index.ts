export * from './cast.ts'
export * from './people.ts'
export * from './person.ts'
