/**
 * The servers of a tier: how many there are, which is enough for the lab, or a list with the SSH destination of each of
 * your own servers. With `--lab` only the length of a list counts, so that a production file can be rehearsed
 * unchanged.
 *
 * @example 2
 * @example ['web-a.example.com', 'deploy@web-b.example.com']
 * @example [{ ssh: 'web-a.example.com', address: '10.0.0.31' }]
 */
export type ServersInput = number | readonly (string | ServerInput)[]

/** A server with more than an SSH destination. */
export interface ServerInput {
  /**
   * Its SSH destination: a host, `user@host`, or an alias. Port, key and jump host belong in `~/.ssh/config`.
   *
   * @example 'web-a.example.com'
   */
  readonly ssh: string
  /**
   * The private IPv4 address at which the other servers reach it. Unless stated, the server is asked.
   *
   * @example '10.0.0.31'
   */
  readonly address?: string
}
