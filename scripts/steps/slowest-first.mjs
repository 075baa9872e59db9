import { BaseSequencer } from 'vitest/node'

/** Files that take longest, in this order. */
const slow = ['test/soak/soak', 'test/admin/', 'src/pushes/model', 'src/pushes/pauses', 'test/pushes/', 'test/soak/']

/** Begins with the files that take longest, so that none of them is what all others wait for in the end. */
export class SlowestFirst extends BaseSequencer {
  /**
   * @override
   * @type {BaseSequencer['sort']}
   */
  async sort(files) {
    const rank = (/** @type {string} */ path) => {
      const index = slow.findIndex((part) => path.includes(part))
      return index < 0 ? slow.length : index
    }
    return (await super.sort(files)).sort((one, other) => rank(one.moduleId) - rank(other.moduleId))
  }
}
