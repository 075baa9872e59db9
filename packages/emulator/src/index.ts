export type {
  Fault,
  FaultEffect,
  FaultMatch,
  Latency,
  MetadataChange,
  RecordedCall,
  Switches,
  Throttle,
} from './control.ts'
export { type ControlClient, createControl } from './control-client.ts'
export type { Converted, DeskRecord } from './desk.ts'
export { dynamicsDemo } from './dynamics365/index.ts'
export type { FaultFigures, RandomFaultKind, RandomFaults } from './random-faults.ts'
export { salesforceDemo } from './salesforce/index.ts'
export * from './seed/index.ts'
export { createRandom } from './seed/random.ts'
export { type Emulator, type EmulatorOptions, startEmulator } from './server.ts'
