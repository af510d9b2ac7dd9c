import { withFrontEnd } from '../front-end.ts'
import { programName } from '../free-name.ts'
import { inTurn } from '../node-project.ts'
import { portAdvice } from '../port-advice.ts'
import type { Ecosystem } from '../draft.ts'

/** Go: one program that needs nothing of the server. */
export const go: Ecosystem = {
  name: 'Go',
  family: 'go',
  detect: (folder) => {
    if (!folder.has('go.mod')) return undefined
    const mains = folder
      .find(/^(?:cmd\/(?:[\w.-]+\/)?)?[\w.-]+\.go$/)
      .filter((path) => /^package main$/m.test(folder.text(path)))
    const places = [
      ...new Set(mains.map((path) => (path.includes('/') ? `./${path.slice(0, path.lastIndexOf('/'))}` : '.'))),
    ]
    if (places.length === 0) return undefined
    const serving = (place: string): boolean =>
      mains.some(
        (path) =>
          `./${path}`.startsWith(place === '.' ? './' : `${place}/`) &&
          /ListenAndServe|\.Run\(|\.Start\(|\.Listen\(|net\.Listen/.test(folder.text(path)),
      )
    const place = places.find(serving) ?? places.find((one) => /\/(?:web|server|api|app|http)/.test(one)) ?? places[0]!
    const front = withFrontEnd(folder)
    const program = programName(folder)
    return {
      kind: 'Go',
      evidence: 'go.mod',
      comments: { build: 'One program for servers with an amd64 processor; GOARCH=arm64 for the others.' },
      advice: [
        ...(places.length > 1
          ? [`${places.length} programs were found: ${places.join(', ')}; ${place} was taken`]
          : []),
        ...portAdvice(folder, /\.go$/, 'os.Getenv("PORT")'),
        ...front.advice,
        'the build needs Go on this computer',
      ],
      app: {
        build: inTurn(front.build, `CGO_ENABLED=0 GOOS=linux GOARCH=amd64 go build -o ${program} ${place}`),
        start: `./${program}`,
      },
    }
  },
}
