import { defineStack } from 'trimaran'

// Five servers. Two balancers, so that one of them may die; one of everything else, to keep the first try small.
// `trimaran explain` says which single points of failure that leaves; raise a number to remove one.
export default defineStack({
  // The stack's name: in messages, on the servers, and of its lab.
  name: 'guestbook',

  // First contact: HAProxy on both servers, and one virtual address that always belongs to a living one.
  balancer: { servers: 2 },

  // nginx: answers for the files in public/ itself and passes everything else on to the app.
  web: { servers: 1, root: 'public' },

  // The app: shipped from this folder, built once per release, started on $PORT, in service while /up answers 200.
  app: {
    servers: 1,
    source: '.',
    build: 'npm ci && node build.js',
    start: 'node server.js',
    health: '/up',
    runtime: { node: '24' },
    // An entry that carries a key is signed once, however often it is sent: such a request may be sent a second time.
    idempotencyKey: true,
  },

  // PostgreSQL: the app finds it through DATABASE_URL. Three servers here survive the death of any one of them.
  database: { servers: 1 },
})
