import { html } from 'hono/html'
import { assetUrl } from './assets.js'

// What each tier did for this request, and what to say when it is not there.
const stops = [
  { tier: 'balancer', title: 'Balancer', does: 'spreads the requests', absent: 'not in front of us' },
  { tier: 'web', title: 'Web', does: 'serves the files', absent: 'not in front of us' },
  { tier: 'app', title: 'App', does: 'made this page', absent: '' },
  { tier: 'database', title: 'Database', does: 'keeps every entry', absent: 'does not answer' },
]

/** The way of this request, drawn: who asked, and the server of each tier that answered. */
export function requestPath(servers) {
  return html`
    <section class="card path" id="path" aria-labelledby="path-title">
      <header>
        <h2 id="path-title">The way your request took</h2>
        <button class="quiet" type="button" id="ask-again" hidden>Ask again</button>
      </header>
      <ol class="stops">
        <li class="stop">
          ${icon('you')}
          <span class="tier">You</span>
          <b class="name" data-name="client">${servers.client}</b>
          <span class="does">asked for this page</span>
        </li>
        ${stops.map((stop) => drawStop(stop, servers))}
      </ol>
      <p class="trace">Request <code data-name="requestId">${servers.requestId}</code></p>
    </section>
  `
}

function drawStop({ tier, title, does, absent }, servers) {
  const role = tier === 'database' && servers.databaseRole ? `, ${servers.databaseRole}` : ''
  return html`
    <li class="stop ${servers[tier] ? '' : 'absent'}" data-tier="${tier}">
      ${icon(tier)}
      <span class="tier">${title}<i data-role>${role}</i></span>
      <b class="name" data-name="${tier}">${servers[tier] ?? '–'}</b>
      <span class="does" data-does="${does}" data-absent="${absent}">${servers[tier] ? does : absent}</span>
    </li>
  `
}

function icon(name) {
  return html`<span class="icon"
    ><svg viewBox="0 0 24 24" aria-hidden="true"><use href="${assetUrl('icons.svg')}#${name}"></use></svg
  ></span>`
}
