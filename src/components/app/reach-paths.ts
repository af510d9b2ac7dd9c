/** Where the rules for what the app may call are kept on an app server. */
export const reachPaths = {
  rules: '/etc/trimaran/app-reach.nft',
  networks: '/etc/trimaran/app-reach.networks',
  program: '/usr/local/lib/trimaran/app-reach',
  unit: '/etc/systemd/system/trimaran-app-reach.service',
} as const
export const reachUnit = 'trimaran-app-reach.service'
/** The systemd slice of everything that runs as the app's user. */
export const appSlice = 'app.slice'
export const reachTable = 'trimaran_app_reach'
