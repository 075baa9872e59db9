import { pnpm } from './pnpm.mjs'
import { Problem } from './problem.mjs'
import { CommandFailed } from './run.mjs'

/** How pnpm says that its question was not understood, or reached nobody. */
const unanswered = /ERR_PNPM_AUDIT_(BAD_RESPONSE|ENDPOINT_NOT_EXISTS)|Failed to request the audit endpoint/

/**
 * Asks the registry for known weaknesses of what the product consists of. What is known and does not touch us is listed in
 * pnpm-workspace.yaml, as `auditConfig.ignoreGhsas`, each with the reason.
 *
 * @param {string[]} [args] further arguments of `pnpm audit`
 * @returns {Promise<boolean>} whether the registry has answered
 * @throws {Problem} where one is high or critical
 * @throws {CommandFailed} where pnpm says something else
 */
export async function audit(args = []) {
  try {
    await pnpm(['audit', '--prod', '--audit-level', 'high', ...args])
    return true
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error
    if (unanswered.test(error.output)) return false
    if (!/vulnerabilit/.test(error.output)) throw error
    throw new Problem(
      `${error.output.trimEnd()}\n\nUpdate the package. Where the weakness does not touch us, list its id under auditConfig ` +
        'in pnpm-workspace.yaml, with the reason.',
    )
  }
}
