/** The public surface: contract, neutral model, errors, registry. */
export * from './errors.ts'
export {
  type CallGate,
  type CallOptions,
  createHttpClient,
  type GateCall,
  type GateEntry,
  type GatePlace,
  type HttpClient,
  type HttpClientOptions,
  HttpFailure,
  type HttpRequest,
  type HttpResponse,
  nestsDeeperThan,
} from './http/index.ts'
export * from './model/index.ts'
export { isPhoneRegion, matchPhone, type PhoneMatch, type PhoneNumber, parsePhone } from './phone/index.ts'
export * from './provider.ts'
export { createProvider, providerDefinitions } from './registry.ts'
export { conditionTest } from './search/index.ts'
export type { SignInStart } from './sign-in.ts'
