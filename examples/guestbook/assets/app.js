// The page works without this file. With it, new entries appear by themselves, times stay true, and the way of the
// request is asked for again every few seconds: take a server away, and watch another one answer.

import { relativeTime } from '/relative-time.js'

const list = document.querySelector('#entries')
const path = document.querySelector('#path')

showNewEntries()
keepTimesTrue()
keepAsking()
countCharacters()

function showNewEntries() {
  const template = document.querySelector('#entry-template').content
  const events = new EventSource(`/events?after=${list.dataset.newest}`)
  events.addEventListener('entry', (event) => {
    const { id, name, message, createdAt } = JSON.parse(event.data)
    if (document.querySelector(`#entry-${id}`)) return
    const card = template.cloneNode(true).firstElementChild
    card.id = `entry-${id}`
    card.classList.add('fresh')
    card.querySelector('.message').textContent = message
    card.querySelector('strong').textContent = name
    card.querySelector('time').dateTime = createdAt
    list.prepend(card)
    tellTimes()
  })
}

function keepTimesTrue() {
  setInterval(tellTimes, 20_000)
}

function tellTimes() {
  for (const time of list.querySelectorAll('time')) time.textContent = relativeTime(time.dateTime)
}

function keepAsking() {
  const button = path.querySelector('#ask-again')
  button.hidden = false
  button.addEventListener('click', askWhere)
  setInterval(() => document.hidden || askWhere(), 3_000)
}

async function askWhere() {
  try {
    const answer = await fetch('/api/where', { cache: 'no-store', signal: AbortSignal.timeout(2_500) })
    if (!answer.ok) throw new Error(answer.statusText)
    showServers(await answer.json())
    path.classList.remove('unreachable')
  } catch {
    path.classList.add('unreachable')
  }
}

function showServers(servers) {
  for (const stop of path.querySelectorAll('[data-tier]')) {
    const isThere = Boolean(servers[stop.dataset.tier])
    const does = stop.querySelector('.does')
    stop.classList.toggle('absent', !isThere)
    does.textContent = isThere ? does.dataset.does : does.dataset.absent
  }
  for (const name of path.querySelectorAll('[data-name]')) showName(name, servers[name.dataset.name] ?? '–')
  path.querySelector('[data-tier=database] [data-role]').textContent = servers.databaseRole
    ? `, ${servers.databaseRole}`
    : ''
}

function showName(element, text) {
  if (element.textContent === text) return
  element.textContent = text
  element.closest('.stop')?.animate([{ opacity: 0.2 }, { opacity: 1 }], { duration: 900, easing: 'ease-out' })
}

function countCharacters() {
  const message = document.querySelector('#message')
  const left = document.querySelector('#left')
  const show = () => (left.textContent = `${message.maxLength - message.value.length} left`)
  message.addEventListener('input', show)
  show()
}
