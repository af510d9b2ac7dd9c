/** What visitors see while no server can answer; a log-format text of HAProxy, so that it can name the request. */
export function renderPage(): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Please try again</title>
<style>
  body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 18vh auto 0; padding: 0 1.5rem; color: #24292f }
  code { color: #57606a; font-size: .9rem; overflow-wrap: anywhere }
  @media (prefers-color-scheme: dark) { body { background: #14181d; color: #e6e9ec } code { color: #9aa4ae } }
</style>
<h1>Please try again in a moment</h1>
<p>The site cannot answer right now. If it goes on, tell its operators this number, with which they can find out why:</p>
<p><code>%[var(txn.request_id)]</code></p>
</html>
`
}
