/** The texts of a page for visitors when the app cannot answer. */
export interface PageWords {
  readonly title: string
  readonly heading: string
  readonly text: string
  /** The text before the request id. */
  readonly number: string
  /** Seconds after which the browser reloads. */
  readonly refresh?: number
}

/** A self-contained page: while it is shown, nothing else may answer. */
export function renderPage({ title, heading, text, number, refresh }: PageWords): string {
  const again = refresh === undefined ? '' : `<meta http-equiv="refresh" content="${refresh}">\n`
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${again}<title>${title}</title>
<style>
  :root { color-scheme: light dark; --page: #f3f4f6; --card: #fff; --text: #1f2328; --quiet: #656d76; --line: #d8dee4 }
  @media (prefers-color-scheme: dark) {
    :root { --page: #0f1318; --card: #181d24; --text: #e6e9ec; --quiet: #929ca6; --line: #2c333c }
  }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--page); color: var(--text);
    font: 1.05rem/1.6 system-ui, sans-serif }
  main { box-sizing: border-box; width: min(34rem, 100% - 2rem); margin: 2rem 0; padding: 2.5rem; border-radius: 1rem;
    background: var(--card); border: 1px solid var(--line) }
  h1 { margin: 0 0 .75rem; font-size: 1.6rem; line-height: 1.25 }
  p { margin: 0 }
  footer { margin-top: 1.75rem; padding-top: 1.25rem; border-top: 1px solid var(--line); color: var(--quiet);
    font-size: .85rem }
  code { display: block; font: .85rem ui-monospace, monospace; overflow-wrap: anywhere }
</style>
<main>
  <h1>${heading}</h1>
  <p>${text}</p>
  <footer>${number}<code>${requestId}</code></footer>
</main>
</html>
`
}

/** The same for programs. */
export const renderJson = (status: number, { text }: Pick<PageWords, 'text'>): string =>
  `${JSON.stringify({ error: { status, message: text, requestId } })}\n`

/** The placeholder in a page for the request id, with which operators find the request in the logs. */
export const requestId = '{{request_id}}'
