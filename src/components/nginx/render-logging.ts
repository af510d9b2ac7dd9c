import { trimaran } from '../../speech/suggested-command.ts'

/** One line for each request, with the same names as HAProxy's lines; times in milliseconds. */
export function renderLogging(): string {
  return `# One line for each request, with the same names as HAProxy's lines: \`journalctl --namespace=traffic -t nginx\`, or ${trimaran('logs')}.
# ms: from the first byte of the request to the last of the answer; answer: the app's part of it.
log_format requests 'request_id=$trimaran_request_id client=$remote_addr method=$request_method path="$request_uri" '
                    'status=$status bytes=$body_bytes_sent from=$from ms=$ms answer=$answer '
                    'balancer=$trimaran_balancer host="$http_host" agent="$http_user_agent"';
access_log syslog:server=unix:/dev/log,nohostname,tag=nginx,severity=info requests;

map $upstream_addr $from {
    default app;
    "" nginx;
}
${renderMilliseconds('$request_time', '$ms')}
${renderMilliseconds('$upstream_response_time', '$answer')}`
}

/** nginx counts in seconds, \`0.012\`; HAProxy in milliseconds. */
const renderMilliseconds = (seconds: string, milliseconds: string): string => `map ${seconds} ${milliseconds} {
    default -1;
    "~(^|[ :])0\\.0{0,2}(?<few>[0-9]+)$" $few;
    "~(^|[ :])(?<whole>[1-9][0-9]*)\\.(?<rest>[0-9]{3})$" $whole$rest;
}`
