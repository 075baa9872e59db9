/**
 * The parts of jsforce that we use, by name, for `oauth.ts` to import when they are needed: a bundler gives a lazily
 * imported CommonJS module no named exports, and an ES module that names them keeps them.
 */
export { OAuth2 } from 'jsforce/lib/oauth2.js'
export { Transport } from 'jsforce/lib/transport.js'
export { StreamPromise } from 'jsforce/lib/util/promise.js'
