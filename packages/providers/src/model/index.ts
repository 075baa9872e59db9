export * from './activity.ts'
export * from './entity.ts'
export * from './record.ts'
export * from './search.ts'
