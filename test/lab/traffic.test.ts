import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StatusReport } from '../../src/status/summarise.ts'
import { load } from './support/load.ts'
import { makeProject, type Project } from './support/project.ts'

/** What visitors get while operators close the site, or shape its traffic; one stack, and the steps build on one another. */
describe('the traffic of a stack', () => {
  let project: Project
  let url: string
  /** This computer, as the balancers see it. */
  let visitor: string

  beforeAll(async () => {
    project = await makeProject('ttraffic')
  })
  afterAll(async () => {
    await project.remove()
  })

  const change = async (...words: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await project.trimaran(...words, '--lab', '--yes')
    expect(code, stdout + stderr).toBe(0)
    return stdout + stderr
  }
  const status = async (): Promise<{ code: number; report: StatusReport }> => {
    const { code, stdout } = await project.trimaran('status', '--lab', '--json')
    return { code, report: JSON.parse(stdout) as StatusReport }
  }

  it('comes up', async () => {
    url = /http:\/\/[\d.]+/.exec(await change('up'))![0]
    visitor = url.replace('http://', '').replace(/\d+$/, '1')
  })

  it('is closed to visitors, who get a page, and programs JSON', async () => {
    const told = await change('maintenance', 'on')
    expect(told).toContain('maintenance off --lab')
    expect(told).not.toMatch(/restart haproxy/)
    const page = await fetch(url, { headers: { accept: 'text/html' } })
    expect(page.status).toBe(503)
    expect(page.headers.get('retry-after')).toBe('60')
    expect(await page.text()).toContain('We will be back soon')
    const answer = await fetch(`${url}/api/entries`, { headers: { accept: 'application/json' } })
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({ error: 'maintenance', request_id: answer.headers.get('x-request-id') })
  })

  it('stays closed over `up`, and says so without an alarm', async () => {
    expect(await change('up')).toContain('visitors see the maintenance page')
    expect((await fetch(url)).status).toBe(503)
    const { code, report } = await status()
    expect({ code, state: report.state, maintenance: report.maintenance }).toEqual({
      code: 0,
      state: 'drained',
      maintenance: { allow: [] },
    })
    // keepalived asks HAProxy all the while, and the address stays where it is.
    expect(report.balancer.holders).toHaveLength(1)
  })

  it('lets some in, who notice nothing while it is opened and closed', async () => {
    await change('maintenance', 'on', '--allow', visitor)
    const running = load({ url: `${url}/api/where`, rate: 50, seconds: 20, keepAlive: true })
    await change('maintenance', 'off')
    await change('maintenance', 'on', '--allow', `203.0.113.7,${visitor}`)
    await change('maintenance', 'off')
    expect((await running).filter(({ outcome }) => outcome !== 200)).toEqual([])
  })

  it('refuses addresses that are none, and changes nothing', async () => {
    const { code, stderr } = await project.trimaran('maintenance', 'on', '--lab', '--yes', '--allow', '10.0.0.5/8')
    expect(code).toBe(2)
    expect(stderr).toContain("write '10.0.0.0/8'")
    expect((await fetch(url)).status).toBe(200)
  })
})
