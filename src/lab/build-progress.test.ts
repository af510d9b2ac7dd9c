import { describe, expect, it } from 'vitest'
import { type ProgressReader, readApt, readDebootstrap } from './build-progress.ts'

describe('progress of debootstrap', () => {
  it('counts packages as they are fetched, unpacked and configured', () => {
    const output = `I: Retrieving InRelease
I: Checking Release signature
I: Retrieving Packages
I: Validating Packages
I: Resolving dependencies of required packages...
I: Retrieving adduser 3.152
I: Validating adduser 3.152
I: Retrieving libc6 2.41-12+deb13u3
I: Extracting libc6...
I: Installing core packages...
I: Unpacking required packages...
I: Unpacking libc6:amd64...
I: Configuring required packages...
I: Configuring libc6:amd64...
I: Unpacking the base system...
I: Unpacking adduser...
I: Base system installed successfully.`
    expect(transcript(readDebootstrap(), output)).toEqual([
      'download adduser 1/?',
      'download libc6 2/?',
      'unpack libc6 1/2',
      'install libc6 1/2',
      'unpack adduser 2/2',
    ])
  })
})

describe('progress of apt-get', () => {
  it('counts packages, not indexes', () => {
    const output = `Get:1 http://mirror.example/debian trixie InRelease [140 kB]
The following NEW packages will be installed:
  curl libcurl4t64
0 upgraded, 2 newly installed, 0 to remove and 0 not upgraded.
Get:1 http://mirror.example/debian trixie/main amd64 libcurl4t64 amd64 8.14.1-2 [391 kB]
Get:2 http://mirror.example/debian trixie/main amd64 curl amd64 8.14.1-2 [269 kB]
Selecting previously unselected package libcurl4t64:amd64.
Preparing to unpack .../libcurl4t64_8.14.1-2_amd64.deb ...
Unpacking libcurl4t64:amd64 (8.14.1-2) ...
Unpacking curl (8.14.1-2) ...
Setting up libcurl4t64:amd64 (8.14.1-2) ...
Setting up curl (8.14.1-2) ...`
    expect(transcript(readApt(), output)).toEqual([
      'download libcurl4t64 1/2',
      'download curl 2/2',
      'unpack libcurl4t64 1/2',
      'unpack curl 2/2',
      'install libcurl4t64 1/2',
      'install curl 2/2',
    ])
  })
})

function transcript(read: ProgressReader, output: string): readonly string[] {
  const events = output.split('\n').map(read)
  return events
    .filter((event) => event !== undefined)
    .map(({ stage, detail, done, total }) => `${stage} ${detail} ${done}/${total ?? '?'}`)
}
