import { isAddress } from '../../stack/networks.ts'
import { serversOf, type Stack } from '../../stack/stack.ts'

/** The visitor's address: the balancers send it in headers, which are believed from nobody else. */
export function renderVisitors(stack: Pick<Stack, 'servers'>): string {
  const balancers = serversOf(stack, 'balancer').filter(({ address }) => isAddress(address))
  return `# Only a balancer is believed about who the visitor is; from anyone else these headers are thrown away.
${balancers.map(({ address, name }) => `set_real_ip_from ${address}; # ${name}`).join('\n')}
real_ip_header X-Forwarded-For;

geo $realip_remote_addr $from_balancer {
    default 0;
${balancers.map(({ address }) => `    ${address} 1;`).join('\n')}
}
map $from_balancer$http_x_request_id $trimaran_request_id {
    default $request_id;
    "~^1(?<given>[\\w.:+/=@-]{1,128})$" $given;
}
map $from_balancer$http_x_forwarded_proto $visitor_scheme {
    default http;
    1https https;
}
map $from_balancer$http_x_forwarded_host $visitor_host {
    default $http_host;
    "~^1(?<host_told>.+)$" $host_told;
}
map $from_balancer$http_x_forwarded_port $visitor_port {
    default "";
    "~^1(?<port_told>[0-9]{1,5})$" $port_told;
}
map $from_balancer $trimaran_balancer {
    default "";
    1 $http_x_trimaran_balancer;
}`
}

/** Only balancers get an answer from the site. */
export const refusal = `# Visitors come by way of a balancer. Nobody else has a reason to ask here.
if ($from_balancer = 0) {
    return 403;
}`
