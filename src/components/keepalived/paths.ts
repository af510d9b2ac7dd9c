/** Paths of keepalived on a server. */
export const paths = {
  config: '/etc/keepalived/keepalived.conf',
  dropIn: '/etc/systemd/system/keepalived.service.d/60-trimaran.conf',
  /** A drop-in for HAProxy's unit on servers that have keepalived, too. */
  haproxyDropIn: '/etc/systemd/system/haproxy.service.d/61-keepalived.conf',
  moveAddress: '/usr/local/lib/trimaran/move-address',
  moveScript: '/usr/local/lib/trimaran/move-address-script',
  /** Placed by the haproxy component. */
  alive: '/usr/local/lib/trimaran/haproxy-is-alive',
} as const

/** The unprivileged user as whom keepalived runs the check of HAProxy. */
export const scriptUser = 'keepalived_script'
