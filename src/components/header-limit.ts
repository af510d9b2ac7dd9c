/**
 * How large all headers of a request, or of an answer, may be together, its first line included. Every server of the chain takes
 * that much: HAProxy holds them in one buffer, nginx in a few.
 */
export const headerLimit = 32 * 1024

/** How many headers one request or answer may have. */
export const mostHeaders = 200
