import { html } from 'hono/html'
import { relativeTime } from '../public/relative-time.js'
import { assetUrl } from './assets.js'
import { limits } from './entries.js'
import { layout } from './layout.js'
import { requestPath } from './request-path.js'

/** The guestbook itself. `form` is what a visitor sent and what was wrong with it: `{ entry, problems }`. */
export function homePage({ entries, servers, form = {} }) {
  return layout({
    title: 'Guestbook',
    lead: 'Leave a few words, and see which servers carried them.',
    scripts: html`<script type="module" src="${assetUrl('app.js')}"></script>`,
    body: html`
      ${requestPath(servers)}
      <div class="columns">
        ${signForm(form)}
        <section class="entries" aria-labelledby="entries-title">
          <h2 id="entries-title">Signed so far</h2>
          <ol id="entries" aria-live="polite" data-newest="${entries[0]?.id ?? 0}">
            ${entries.map(entryCard)}
          </ol>
          <p class="empty">The first page is still blank. It could be yours.</p>
        </section>
      </div>
      <template id="entry-template">${entryCard({ id: '', name: '', message: '', createdAt: '' })}</template>
    `,
  })
}

function signForm({ entry = {}, problems = {} }) {
  return html`
    <form class="card sign" method="post" action="/entries" novalidate>
      <h2>Sign the book</h2>
      <input type="hidden" name="key" value="${entry.key ?? crypto.randomUUID()}" />
      <div class="field">
        <label for="name">Your name</label>
        <input ${attributes('name', problems)} autocomplete="name" value="${entry.name ?? ''}" />
        ${problem('name', problems)}
      </div>
      <div class="field">
        <label for="message">Your message</label>
        <textarea ${attributes('message', problems)} rows="5">${entry.message ?? ''}</textarea>
        ${problem('message', problems)}
      </div>
      <div class="send">
        <button type="submit">Sign</button>
        <small id="left" aria-hidden="true"></small>
      </div>
    </form>
  `
}

function attributes(field, problems) {
  const wrong = problems[field] && html`aria-invalid="true" aria-describedby="${field}-problem" autofocus`
  return html`id="${field}" name="${field}" maxlength="${limits[field]}" required ${wrong}`
}

function problem(field, problems) {
  return problems[field] && html`<p class="problem" id="${field}-problem">${problems[field]}</p>`
}

function entryCard({ id, name, message, createdAt }) {
  return html`
    <li class="card entry" id="entry-${id}">
      <p class="message">${message}</p>
      <footer>
        <strong>${name}</strong>
        <time datetime="${createdAt}">${createdAt && relativeTime(createdAt)}</time>
      </footer>
    </li>
  `
}

/** The database does not answer: say so, keep what the visitor wrote, and show which part of the way is broken. */
export function awayPage({ servers, draft }) {
  return layout({
    title: 'One moment',
    lead: 'The database does not answer just now. As soon as it does, the guestbook is back.',
    body: html`
      ${requestPath(servers)}
      <div class="columns">
        ${
          draft
            ? html`${signForm({ entry: draft })}
                <p class="card note">
                  Your words are not lost: they are still in the form. Sign again in a moment. However often you press,
                  they are kept once.
                </p>`
            : html`<p class="card note">This page looks again by itself. <a href="/">Look now</a></p>`
        }
      </div>
    `,
    head: draft ? '' : html`<meta http-equiv="refresh" content="3; url=/" />`,
  })
}

export const notFoundPage = () =>
  layout({
    title: 'Nothing here',
    lead: 'There is only water at this address.',
    body: html`<p class="card note"><a href="/">Back to the guestbook</a></p>`,
  })

export const oopsPage = (requestId) =>
  layout({
    title: 'Something broke',
    lead: 'It is our fault, not yours.',
    body: html`<p class="card note">
      <a href="/">Back to the guestbook</a>. Whoever looks into it will find it as <code>${requestId}</code>.
    </p>`,
  })
