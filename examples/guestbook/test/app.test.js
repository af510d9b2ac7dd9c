import assert from 'node:assert/strict'
import path from 'node:path'
import { describe, it } from 'node:test'
import '../build.js'
import { createApp } from '../src/app.js'
import { DatabaseAway } from '../src/database.js'

const createdAt = new Date()
const ada = { id: '7', name: 'Ada <b>', message: '<script>alert(1)</script>', created_at: createdAt }
const answering = async (text) => (text.includes('entries') ? [ada] : [{ name: 'db-1', role: 'primary' }])
const away = async () => {
  throw new DatabaseAway('connect ECONNREFUSED')
}

/** The app over a database that answers as told. */
function appOver(query, { isReady = true, ending = new AbortController() } = {}) {
  const publicFolder = path.join(import.meta.dirname, '..', 'public')
  return createApp({ database: { query }, publicFolder, isReady: () => isReady, ending: ending.signal })
}

const form = (fields) => ({ method: 'POST', body: new URLSearchParams(fields) })

describe('the pages', () => {
  it('show the entries, escaped, and the servers that answered', async () => {
    const headers = { 'x-trimaran-balancer': 'lb-2', 'x-trimaran-web': 'web-1', 'x-forwarded-for': '198.18.0.2' }
    const page = await (await appOver(answering).request('/', { headers })).text()
    assert.match(page, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/)
    assert.match(page, /Ada &lt;b&gt;/)
    for (const name of ['198.18.0.2', 'lb-2', 'web-1', 'db-1', 'primary']) assert.ok(page.includes(name), name)
  })

  it('use files that exist, under names that carry a hash', async () => {
    const app = appOver(answering)
    const page = await (await app.request('/')).text()
    const urls = [...page.matchAll(/(?:href|src)="(\/assets\/[^"#]+)/g)].map(([, url]) => url)
    assert.ok(urls.length > 5)
    for (const url of urls) {
      assert.match(url, /-[\da-f]{8}\.\w+$/)
      assert.equal((await app.request(url)).status, 200, url)
    }
  })

  it('answer HEAD without a body', async () => {
    for (const url of ['/', '/api/where', '/events', '/favicon.svg', '/up']) {
      const answer = await appOver(answering).request(url, { method: 'HEAD' })
      assert.equal(answer.status, 200, url)
      assert.equal(await answer.text(), '', url)
    }
  })

  it('say so when there is nothing', async () => {
    const page = await appOver(answering).request('/nothing')
    assert.equal(page.status, 404)
    assert.match(await page.text(), /Nothing here/)
    assert.match((await appOver(answering).request('/api/nothing')).headers.get('content-type'), /json/)
  })
})

describe('signing', () => {
  it('sends the visitor back to the page', async () => {
    const answer = await appOver(answering).request('/entries', form({ name: 'Ada', message: 'Hello' }))
    assert.equal(answer.status, 303)
    assert.equal(answer.headers.get('location'), '/')
  })

  it('shows what is wrong beside the field, and keeps the rest', async () => {
    const answer = await appOver(answering).request('/entries', form({ name: '', message: 'Kept "words"' }))
    const page = await answer.text()
    assert.equal(answer.status, 422)
    assert.match(page, /id="name-problem">Please leave your name\./)
    assert.match(page, /Kept &quot;words&quot;<\/textarea>/)
  })

  it('refuses what is too long for a guestbook', async () => {
    const answer = await appOver(answering).request('/entries', form({ name: 'Ada', message: 'x'.repeat(20_000) }))
    assert.equal(answer.status, 413)
  })
})

describe('the API', () => {
  const post = (body, headers) => appOver(answering).request('/api/entries', { method: 'POST', body, headers })

  it('gives the id of a new entry', async () => {
    const answer = await post('{"name":"Ada","message":"Hello"}')
    assert.equal(answer.status, 201)
    assert.equal((await answer.json()).id, 7)
  })

  it('says what is wrong with a body', async () => {
    assert.equal((await post('nonsense')).status, 400)
    for (const body of ['null', '[]', '"text"', '{"name":"Ada"}']) assert.equal((await post(body)).status, 422, body)
  })

  it('bounds how slow a slow request may be', async () => {
    assert.equal((await appOver(answering).request('/slow?ms=1')).status, 200)
    for (const ms of ['10001', '-1', 'x']) {
      assert.equal((await appOver(answering).request(`/slow?ms=${ms}`)).status, 400, ms)
    }
  })
})

describe('without the database', () => {
  it('a page says so, and when to come back', async () => {
    const answer = await appOver(away).request('/')
    assert.equal(answer.status, 503)
    assert.equal(answer.headers.get('retry-after'), '2')
    assert.match(await answer.text(), /The database does not answer/)
  })

  it('what a visitor wrote stays in the form, with the key that lets it be sent again', async () => {
    const answer = await appOver(away).request('/entries', form({ name: 'Ada', message: 'Kept', key: 'once-only-1' }))
    const page = await answer.text()
    assert.equal(answer.status, 503)
    assert.match(page, /Kept<\/textarea>/)
    assert.match(page, /value="once-only-1"/)
  })

  it('the app is still healthy, and still says where it is', async () => {
    assert.equal((await appOver(away).request('/up')).status, 200)
    assert.equal((await (await appOver(away).request('/api/where')).json()).database, null)
  })
})

describe('/up', () => {
  it('is not well before the migrations are done, nor once the process is ending', async () => {
    assert.equal((await appOver(answering, { isReady: false }).request('/up')).status, 503)
    const ending = new AbortController()
    ending.abort()
    const answer = await appOver(answering, { ending }).request('/up')
    assert.equal(answer.status, 503)
    assert.equal(answer.headers.get('connection'), 'close')
  })
})
