/** The emulated org: its rows, its clock, what tests set, and the model as metadata changes leave it. */
import { type Codes, createCodes } from '../authorization-codes.ts'
import type { Clock } from '../clock.ts'
import type { Control } from '../control.ts'
import type { Store } from '../store.ts'
import { dynamicsDemo } from './demo.ts'
import type { Query } from './read/query.ts'
import { buildModel, definitions, type Model } from './schema/index.ts'

export interface Org {
  store: Store
  clock: Clock
  control: Control
  /** In whose name the call at hand is made: its token says so. */
  userId: string
  /** Of people who let an application in. */
  codes: Codes
  model(): Model
  /** Compiled queries of the current model by entity and text: a busy search is parsed once. */
  queries(): Map<string, Query>
}

export function createOrg({ store, clock, control }: Pick<Org, 'store' | 'clock' | 'control'>): Org {
  let changes = control.metadata
  let model = buildModel(definitions, changes)
  let queries = new Map<string, Query>()

  function refresh(): void {
    if (changes === control.metadata) return
    changes = control.metadata
    model = buildModel(definitions, changes)
    queries = new Map()
  }

  return {
    store,
    clock,
    control,
    userId: dynamicsDemo.userId,
    codes: createCodes(clock),
    model() {
      refresh()
      return model
    },
    queries() {
      refresh()
      return queries
    },
  }
}
