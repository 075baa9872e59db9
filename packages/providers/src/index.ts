export * from './errors.ts'
export * from './http/index.ts'
export * from './model/index.ts'
export * from './provider.ts'
