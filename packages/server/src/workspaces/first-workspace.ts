/** The name of the workspace that the first owner finds. */
export const FIRST_WORKSPACE = 'My workspace'
