/** For a person, whichever of the gateway's addresses was asked. */
export const NO_ANSWER = 'The server does not answer. Check that it is running, then try again.'
