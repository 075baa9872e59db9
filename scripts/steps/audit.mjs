import { pnpm } from './pnpm.mjs'
import { Problem } from './problem.mjs'
import { CommandFailed } from './run.mjs'

/** How pnpm says that nobody has answered its question. */
const unanswered = /ERR_PNPM_AUDIT_(BAD_RESPONSE|ENDPOINT_NOT_EXISTS)|ENOTFOUND|ECONNREFUSED|EAI_AGAIN/

/**
 * Asks the registry for known weaknesses of what the product consists of. What is known and does not touch us is listed in
 * pnpm-workspace.yaml, as `auditConfig.ignoreGhsas`, each with the reason.
 *
 * @param {string[]} [args] further arguments of `pnpm audit`
 * @returns {Promise<string>} one line: what was found out
 * @throws {Problem} where one is high or critical
 */
export async function audit(args = []) {
  try {
    await pnpm(['audit', '--prod', '--audit-level', 'high', ...args])
    return 'No high or critical weakness is known of what is installed.'
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error
    if (unanswered.test(error.output)) return 'Not asked: this registry does not answer questions about weaknesses.'
    throw new Problem(
      `${error.output.trimEnd()}\n\nUpdate the package. Where the weakness does not touch us, list its id under auditConfig ` +
        'in pnpm-workspace.yaml, with the reason.',
    )
  }
}
