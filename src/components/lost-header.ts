/**
 * By this header of a 425, a web server tells its balancers that an app server ended without an answer: then another web server may
 * be asked. It is taken from what the app says. Why: docs/decisions/one-request-one-harm.md
 */
export const lostHeader = 'X-Trimaran-Lost'
