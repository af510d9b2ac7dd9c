import { type Config, usualCaches } from './schema.ts'

/** How a release is built, and the section of the config that says so. */
export type BuildSettings = Pick<Config['app'], 'source' | 'build' | 'include' | 'cache'> & {
  readonly section: 'app' | 'web'
}

/** As the app says or, for a site of files alone, as the web tier does. */
export const buildSettings = ({ app, web }: Pick<Config, 'app' | 'web'>): BuildSettings =>
  hasServers(app)
    ? { ...app, section: 'app' }
    : { source: '.', include: [], cache: usualCaches, ...web, section: 'web' }

/** Whether the file has that tier: a list of servers is never empty. */
export const hasServers = ({ servers }: Pick<Config['web'], 'servers'>): boolean => servers !== 0
