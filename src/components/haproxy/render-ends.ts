import { headerLimit } from '../header-limit.ts'
import { placedByTrimaran } from '../placed.ts'

/** How a request ended, in words: `why=` in the log, by `ended=`. HAProxy's manual, “session state at disconnection”. */
const ends: Readonly<Record<string, string>> = {
  '--': '-',
  CR: 'the-visitor-left-while-sending',
  CQ: 'the-visitor-left-while-waiting',
  CC: 'the-visitor-left-before-a-server-was-reached',
  CH: 'the-visitor-left-before-the-answer',
  CD: 'the-visitor-left-during-the-answer',
  CL: 'the-visitor-left-during-the-answer',
  cR: 'the-request-came-too-slowly',
  cD: 'the-visitor-took-nothing-for-too-long',
  cL: 'the-visitor-took-nothing-for-too-long',
  SC: 'no-server-could-be-reached',
  sC: 'no-server-could-be-reached',
  SH: 'the-server-ended-without-an-answer',
  sH: 'no-answer-in-time',
  SD: 'the-server-ended-in-the-middle-of-its-answer',
  SL: 'the-server-ended-in-the-middle-of-its-answer',
  sD: 'the-server-was-silent-for-too-long-in-the-middle-of-its-answer',
  sQ: 'no-server-was-free-in-time',
  PR: `the-request-is-no-HTTP-or-its-headers-exceed-${headerLimit / 1024}-kB`,
  PH: `the-answer-is-no-HTTP-or-its-headers-exceed-${headerLimit / 1024}-kB`,
  LR: 'answered-here',
}

export const renderEnds = (): string =>
  `${placedByTrimaran}
# What the codes of \`ended=\` mean; the log has it as \`why=\`.
${Object.entries(ends)
  .map(([code, why]) => `${code} ${why}`)
  .join('\n')}
`
