import { html } from 'hono/html'
import { assetUrl } from './assets.js'

const stylesheets = ['base.css', 'sea.css', 'path.css', 'book.css']

/** What all pages share: the head, the sea with the boat on it, and below it the `body`. */
export function layout({ title, lead, body, head = '', scripts = '' }) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="description" content="A guestbook that shows which servers answered." />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        ${stylesheets.map((name) => html`<link rel="stylesheet" href="${assetUrl(name)}" />`)} ${head}${scripts}
      </head>
      <body>
        <header class="sea">
          <div class="words">
            <h1>${title}</h1>
            <p>${lead}</p>
          </div>
          ${wave('far', 'M0 60 Q150 20 300 60 T600 60 T900 60 T1200 60 T1500 60 T1800 60 T2100 60 T2400 60 V120 H0Z')}
          <img class="boat" src="${assetUrl('boat.svg')}" width="350" height="320" alt="" />
          ${wave('near', 'M0 72 Q300 34 600 72 T1200 72 T1800 72 T2400 72 V120 H0Z')}
          ${wave('shore', 'M0 88 Q150 64 300 88 T600 88 T900 88 T1200 88 T1500 88 T1800 88 T2100 88 T2400 88 V120 H0Z')}
        </header>
        <main>${body}</main>
      </body>
    </html>`
}

// Each is one pattern twice over, so that it can drift by half its width and begin again unseen.
const wave = (name, outline) =>
  html`<svg class="wave ${name}" viewBox="0 0 2400 120" preserveAspectRatio="none" aria-hidden="true">
    <path d="${outline}" />
  </svg>`
