/**
 * Brings the CRM to what a push plan says, by steps that may be repeated without harm (decision 2; reliability.md 3.1).
 * Whatever breaks between any two lines, doing it again ends in one activity that holds each message once.
 */
import {
  type ActivityDraft,
  type ActivityTypeDescriptor,
  type CrmActivity,
  type CrmProvider,
  ProviderError,
  type RemoteReference,
} from '@backchannel/providers'
import type { KnownActivity } from './known-activity.ts'
import { partsAround } from './parts-around.ts'
import type { PushPlan } from './plan.ts'
import { comparableText, missingPassages, reconcile } from './reconcile.ts'
import { bodyOf, type Part } from './split.ts'
import { subjectOf } from './subject.ts'
import type { Passage } from './transcript.ts'

export interface Delivery {
  plan: Pick<PushPlan, 'filing' | 'parts' | 'partsBefore' | 'messages'>
  descriptor: ActivityTypeDescriptor
  /** The record that the conversation is tagged to. */
  regarding: RemoteReference
  keyOf(part: number): string
  /** Whether filing twice with one key makes one activity. */
  keyed: boolean
  /** By part, from 1. */
  activities: ReadonlyMap<number, KnownActivity>
  /** Messages up to this one were confirmed before. */
  delivered: number
}

export interface DeliveryPorts {
  provider: CrmProvider
  /** Committed when it resolves. Rejects when the push is not ours any more. */
  save(part: number, activity: KnownActivity): Promise<void>
  /**
   * Asked where the record is gone: the one that stands for it now, null where there is none. What it answers is committed.
   */
  follow(): Promise<RemoteReference | null>
  /** The CRM held the activity before any attempt that we know of: this database was restored (ruling 6). */
  foundAgain(): Promise<void>
  /** The text is parted otherwise than planned. Committed when it resolves. */
  replanned(parts: readonly Part[]): Promise<void>
  /** A keyed hash, so that what was written can be recognised but not read. */
  hash(text: string): string
  now(): number
  /** How long a create of unknown outcome may still land where the CRM holds no key (ruling 14). */
  settleMs: number
  signal: AbortSignal
}

export type DeliveryOutcome =
  | { kind: 'DELIVERED' }
  /** The activity is gone, closed or full: what came after the first `confirmed` messages needs another one. */
  | { kind: 'MOVE_ON'; confirmed: number }
  /** An earlier create may still land: not before this moment. */
  | { kind: 'WAIT'; until: Date }

/** How often a change that somebody else made between our reading and writing is met by reading again. */
const MOST_ROUNDS = 5

const unknownActivity: KnownActivity = {
  remoteId: null,
  url: null,
  closed: false,
  textHash: null,
  shared: false,
  intendedHashes: [],
  attemptedAt: null,
}

/** Texts that are ours alone, by their hashes: which of them the CRM holds is not known while attempts are open. */
const oursIn = ({ textHash, intendedHashes }: Pick<KnownActivity, 'textHash' | 'intendedHashes'>) =>
  textHash === null ? intendedHashes : [textHash, ...intendedHashes]

/** @throws ProviderError */
export async function deliver(given: Delivery, ports: DeliveryPorts): Promise<DeliveryOutcome> {
  const delivery = await aroundOthers(given, ports)
  const file = fileWhereItBelongs(delivery.regarding, ports)
  for (const [index, part] of delivery.plan.parts.entries()) {
    const known = delivery.activities.get(index + 1) ?? unknownActivity
    const outcome = await deliverPart({ ...delivery, part, number: index + 1, file }, known, ports)
    if (outcome instanceof Date) return { kind: 'WAIT', until: outcome }
    if (outcome !== 'DONE') return { kind: 'MOVE_ON', confirmed: confirmedBefore(delivery, index, outcome) }
  }
  return { kind: 'DELIVERED' }
}

/**
 * Text moves from one part to another, and into one that others follow, only where all of them are ours: so they are looked
 * at before any is written. What follows the last part that takes no more can then go elsewhere, and nothing of it stands
 * before.
 */
async function aroundOthers(delivery: Delivery, ports: DeliveryPorts): Promise<Delivery> {
  const { plan, activities, descriptor } = delivery
  const { parts: wanted, partsBefore: before } = plan
  if (!before) return delivery
  const hash = (text: string) => ports.hash(comparableText(text))
  const fixed = new Map<number, 'BEFORE' | 'WANTED'>()
  for (const [number, { remoteId, ...known }] of activities) {
    if (remoteId === null) continue
    const held = await ports.provider.findActivity(plan.filing.activityType, remoteId, { signal: ports.signal })
    const ours = oursIn(known)
    const isOurs = held !== null && !(held.closed && descriptor.closable) && ours.includes(hash(held.body))
    const part = wanted[number - 1]
    const isWanted = part !== undefined && ours.includes(hash(bodyOf(part)))
    if (known.shared || !isOurs) fixed.set(number - 1, isWanted ? 'WANTED' : 'BEFORE')
  }
  if (fixed.size === 0) return delivery
  const parts = partsAround({ before, wanted, fixed, maxLength: descriptor.bodyMaxLength })
  await ports.replanned(parts)
  return { ...delivery, plan: { ...plan, parts, partsBefore: null } }
}

type FileActivity = (draft: Omit<ActivityDraft, 'regarding'>) => ReturnType<CrmProvider['fileActivity']>
type PartDelivery = Delivery & { part: Part; number: number; file: FileActivity }

/** Files under the record that stands for a merged or converted one, under the same key: it is the same activity. */
function fileWhereItBelongs(regarding: RemoteReference, { provider, follow, signal }: DeliveryPorts): FileActivity {
  let target = regarding
  return async (draft) => {
    try {
      return await provider.fileActivity({ ...draft, regarding: target }, { signal })
    } catch (error) {
      if (!(error instanceof ProviderError) || error.code !== 'CRM_RECORD_GONE') throw error
      const successor = await follow()
      if (successor === null) throw recordGone(error)
      target = successor
      return await provider.fileActivity({ ...draft, regarding: target }, { signal })
    }
  }
}

function recordGone(cause: ProviderError): ProviderError {
  return new ProviderError('CRM_RECORD_GONE', {
    message: 'The tagged record is not in the CRM any more, and nothing there says what became of it.',
    cause,
    ...(cause.providerCode === undefined ? {} : { providerCode: cause.providerCode }),
  })
}

/** DONE; or, where the activity takes no more, the passages that are not in it; or when to try again. */
async function deliverPart(
  delivery: PartDelivery,
  known: KnownActivity,
  ports: DeliveryPorts,
): Promise<'DONE' | readonly Passage[] | Date> {
  const { part, number, plan, delivered } = delivery
  const { provider, signal } = ports
  const { activityType, heading } = plan.filing
  const hash = (text: string) => ports.hash(comparableText(text))
  const wanted = bodyOf(part)
  const outstanding = part.passages.filter((passage) => passage.arrival > delivered)
  const open = known.attemptedAt !== null
  const ours = oursIn(known)
  if (
    known.remoteId !== null &&
    !open &&
    (known.textHash === hash(wanted) || (known.shared && outstanding.length === 0))
  ) {
    return 'DONE'
  }

  /** Commits the intent before the first byte leaves; takes it back where the CRM surely did nothing. */
  async function attempt<T>(intent: { body: string; shared: boolean }, write: () => Promise<T>): Promise<T> {
    const before = known
    const attemptedAt = new Date(ports.now())
    const intendedHashes = [...new Set([...known.intendedHashes, hash(intent.body)])]
    known = { ...known, shared: intent.shared, intendedHashes, attemptedAt }
    await ports.save(number, known)
    try {
      return await write()
    } catch (error) {
      if (error instanceof ProviderError && error.outcome === 'NOT_APPLIED') {
        known = before
        await ports.save(number, known)
      }
      throw error
    }
  }

  async function confirm(activity: CrmActivity, text: Pick<KnownActivity, 'textHash' | 'shared'>): Promise<'DONE'> {
    const { remoteId, url, closed } = activity
    await ports.save(number, { remoteId, url, closed, ...text, intendedHashes: [], attemptedAt: null })
    return 'DONE'
  }

  let held: CrmActivity | null
  if (known.remoteId === null) {
    if (known.attemptedAt !== null && !delivery.keyed) {
      const settled = known.attemptedAt.getTime() + ports.settleMs
      if (settled > ports.now()) return new Date(settled)
    }
    const isFirstTry = known.attemptedAt === null
    const draft = {
      key: delivery.keyOf(number),
      activityType,
      subject: subjectOf(heading, number, delivery.descriptor.subjectMaxLength),
      body: wanted,
    }
    const filed = await attempt({ body: wanted, shared: known.shared }, () => delivery.file(draft))
    if (filed.created) return confirm(filed.activity, { textHash: hash(filed.activity.body), shared: false })
    if (isFirstTry && number === 1) await ports.foundAgain()
    held = filed.activity
  } else {
    held = await provider.findActivity(activityType, known.remoteId, { signal })
  }

  for (let round = 1; ; round++) {
    if (held === null) return outstanding.length > 0 ? outstanding : 'DONE'
    const found: CrmActivity = held
    const decision = reconcile({
      held: found.body,
      part,
      ours,
      shared: known.shared,
      delivered,
      maxLength: delivery.descriptor.bodyMaxLength,
      hash,
    })
    if (decision.kind === 'DONE') {
      const alike = hash(found.body) === hash(wanted)
      return confirm(found, { textHash: alike ? hash(wanted) : null, shared: known.shared || !alike })
    }
    // A closed activity is a person's: it is not written to any more (F21).
    if (decision.kind === 'FULL' || (found.closed && delivery.descriptor.closable)) {
      // What an attempt of unknown outcome has brought there need not go anywhere else.
      const missing = missingPassages(found.body, part).filter((passage) => passage.arrival > delivered)
      const isOurs = !known.shared && ours.includes(hash(found.body))
      await confirm(found, { textHash: isOurs ? hash(found.body) : null, shared: !isOurs })
      return missing.length > 0 ? missing : 'DONE'
    }
    const shared = decision.kind === 'ADD'
    try {
      const change = { body: decision.body, expectedVersion: found.version }
      const updated = await attempt({ body: decision.body, shared }, () =>
        provider.updateActivity(activityType, found.remoteId, change, { signal }),
      )
      return confirm(updated, { textHash: shared ? null : hash(updated.body), shared })
    } catch (error) {
      const changed = error instanceof ProviderError && (error.code === 'NOT_FOUND' || error.code === 'CONFLICT')
      if (!changed || round === MOST_ROUNDS) throw error
      held = await provider.findActivity(activityType, found.remoteId, { signal })
    }
  }
}

/**
 * Completes the activities that hold a push's text. One that a person closed or deleted meanwhile is left as it is.
 *
 * @throws ProviderError
 */
export async function closeActivities(
  { filing }: Pick<PushPlan, 'filing'>,
  activities: ReadonlyMap<number, KnownActivity>,
  { provider, save, signal }: Pick<DeliveryPorts, 'provider' | 'save' | 'signal'>,
): Promise<void> {
  for (const [part, known] of activities) {
    if (known.remoteId === null || known.closed) continue
    try {
      const { url, closed } = await provider.updateActivity(
        filing.activityType,
        known.remoteId,
        { close: true },
        { signal },
      )
      await save(part, { ...known, url, closed })
    } catch (error) {
      if (!(error instanceof ProviderError && error.code === 'NOT_FOUND')) throw error
    }
  }
}

/** All messages up to this one are in parts that were confirmed, or were confirmed before. `missing`: of this part. */
function confirmedBefore({ plan, delivered }: Delivery, index: number, missing: readonly Passage[]): number {
  const later = plan.parts.slice(index + 1).flatMap((part) => part.passages)
  const left = [...missing, ...later].map((passage) => passage.arrival)
  return Math.min(plan.messages, ...left.filter((arrival) => arrival > delivered).map((arrival) => arrival - 1))
}
