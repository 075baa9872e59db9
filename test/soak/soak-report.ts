/** What a run came to, as a table for people, and what of it is off. */
import type { FaultFigures } from '@backchannel/emulator'
import { printTable } from '../bench/report.ts'
import type { Org } from './installation.ts'
import type { KillPointFigures } from './kill-points.ts'
import type { SoakFigures } from './soak.ts'

const names: Record<Org, string> = {
  DYNAMICS: 'Dynamics 365',
  SALESFORCE: 'Salesforce, key field',
  KEYLESS: 'Salesforce, no key field',
}
const orgsOf = (figures: SoakFigures) => Object.keys(figures.verdicts) as Org[]

export function printSoak(figures: SoakFigures): void {
  printTable(
    orgsOf(figures).map((org) => {
      const { planned, found, lost, twice, wrong } = figures.verdicts[org]
      const faults = figures.faults[org]
      return {
        CRM: names[org],
        'activities planned': planned,
        found,
        lost,
        twice,
        wrong,
        calls: faults.calls,
        failed: percent(failedOf(faults), faults.calls),
        'landed late': `${faults.dealt.LATE} of ${faults.writes}`,
      }
    }),
  )
  const { pushes, delivered, partial, inOtherState, kills, troubles, database, seconds } = figures
  const states = `${delivered} delivered, ${partial} partial by rule, ${inOtherState} otherwise than they must be`
  say(`${pushes} pushes in ${seconds} s: ${states}; ${kills} kills; database: ${database}`)
  if (troubles.length > 0) say(`In the middle: ${troubles.join(', ')}`)
}

const failedOf = ({ dealt }: FaultFigures) =>
  Object.entries(dealt).reduce((sum, [kind, count]) => (kind === 'LATE' ? sum : sum + count), 0)

const percent = (part: number, all: number) => `${((100 * part) / Math.max(1, all)).toFixed(1)} %`

/** What is not as it must be; nothing where all is well. */
export function faultsOfSoak(
  figures: SoakFigures,
  wanted: { pushes: number; kills: number; troubles?: number },
): string[] {
  const faults: string[] = []
  for (const org of orgsOf(figures)) {
    const { planned, found, lost, twice, wrong, examples } = figures.verdicts[org]
    if (lost + twice + wrong > 0 || planned !== found) faults.push(`${names[org]}: ${examples.join('\n  ')}`)
    const failed = failedOf(figures.faults[org]) / Math.max(1, figures.faults[org].calls)
    if (failed < 0.15) faults.push(`${names[org]}: only ${percent(failed, 1)} of the calls failed`)
  }
  faults.push(...neverDealt(Object.values(figures.faults)))
  if (figures.pushes < wanted.pushes) faults.push(`Only ${figures.pushes} pushes were made`)
  if (figures.kills < wanted.kills) faults.push(`Only ${figures.kills} workers were killed`)
  if (figures.troubles.length < (wanted.troubles ?? 0))
    faults.push('The servers did not go away as often as they were to')
  if (figures.inOtherState > 0) faults.push(`${figures.inOtherState} pushes are in a state that they must not be in`)
  if (figures.database !== 'ok') faults.push(`The database is not sound: ${figures.database}`)
  return [...faults, ...figures.errors.slice(0, 5)]
}

/** Kinds of faults that never struck, or hardly: what they would have broken was not put to the test. */
function neverDealt(dealt: readonly FaultFigures[]): string[] {
  const sum = (of: (figures: FaultFigures) => number) => dealt.reduce((total, figures) => total + of(figures), 0)
  const kinds = Object.keys(dealt[0]?.dealt ?? {}) as (keyof FaultFigures['dealt'])[]
  const never = kinds.filter((kind) => kind !== 'LATE' && sum((figures) => figures.dealt[kind]) === 0)
  const late = sum((figures) => figures.dealt.LATE)
  const writes = sum((figures) => figures.writes)
  // One in a hundred is drawn; of few writes, none may be.
  const isLate = writes < 1_000 || late >= 0.003 * writes
  return [
    ...never.map((kind) => `No call failed by ${kind}`),
    ...(isLate ? [] : [`Only ${late} of ${writes} writes landed late`]),
  ]
}

/** The control: plain creates under the same faults. Without duplicates, nothing was put to the test. */
export function printControl(figures: SoakFigures): void {
  printTable(
    orgsOf(figures).map((org) => ({
      'plain creates': names[org],
      'activities planned': figures.verdicts[org].planned,
      found: figures.verdicts[org].found,
      twice: figures.verdicts[org].twice,
    })),
  )
}

/** @param least how many there must be, of each of the CRMs by its part of the activities, and in all */
export function faultsOfControl(figures: SoakFigures, least: { share: number; inAll: number }): string[] {
  const orgs = orgsOf(figures)
  const twice = (org: Org) => figures.verdicts[org].twice
  const few = orgs.filter((org) => twice(org) < least.share * figures.verdicts[org].planned).map((org) => names[org])
  const inAll = orgs.reduce((sum, org) => sum + twice(org), 0)
  if (inAll < least.inAll) few.push('all of them')
  return few.map((name) => `${name}: plain creates made too few duplicates (${inAll} in all): the soak proves nothing`)
}

export function printKillPoints(figures: readonly KillPointFigures[], times: number): void {
  printTable(
    figures.map(({ name, hit, one }) => ({
      'killed at': name,
      hit: `${hit}/${times}`,
      'came to one': `${one}/${times}`,
    })),
  )
}

export function faultsOfKillPoints(figures: readonly KillPointFigures[], times: number): string[] {
  return figures
    .filter(({ hit, one }) => hit < times || one < times)
    .map(({ name, hit, one, examples }) => `${name}: hit ${hit}, one ${one} of ${times}\n  ${examples.join('\n  ')}`)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
