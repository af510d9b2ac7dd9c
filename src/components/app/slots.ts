/** The two places on an app server where a release can run. A deploy starts the new one beside the old one. */
export const slots = {
  blue: { port: 3000, unit: 'app@blue.service', environmentPath: '/etc/trimaran/app@blue.env', path: '/srv/app/blue' },
  green: {
    port: 3001,
    unit: 'app@green.service',
    environmentPath: '/etc/trimaran/app@green.env',
    path: '/srv/app/green',
  },
} as const
