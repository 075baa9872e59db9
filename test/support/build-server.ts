import { buildServer } from '../../scripts/steps/build.mjs'

/** Before the files of a project: what tests start as processes of their own is the server as it is now. */
export default buildServer
