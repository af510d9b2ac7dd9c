import { sh, type Shell } from '../shell/sh.ts'

/**
 * How long one program may keep apt or dpkg to itself: in its first minutes, a fresh server upgrades itself (unattended-upgrades,
 * cloud-init).
 */
export const longestAptWait = 600

/** A part of a lock's record that the kernel fills in: `flock` of fcntl(2), as 64-bit Linux has it. */
const askHolder = String.raw`
for my $path (@ARGV) {
  open(my $file, "+<", $path) or next;
  my $lock = pack("s s x4 q q i x4", F_WRLCK, 0, 0, 0, 0);
  fcntl($file, F_GETLK, $lock) or next;
  my ($type, $pid) = (unpack("s s x4 q q i", $lock))[0, 4];
  next if $type == F_UNLCK;
  my $name = "a program";
  if (open(my $comm, "<", "/proc/$pid/comm")) { chomp($name = <$comm>) }
  print "$name (pid $pid)";
  last;
}
`

/** The files that apt and dpkg lock. */
const locks = [
  '/var/lib/dpkg/lock-frontend',
  '/var/lib/dpkg/lock',
  '/var/lib/apt/lists/lock',
  '/var/cache/apt/archives/lock',
] as const

/**
 * Shell that waits until nobody else uses apt or dpkg, and prints who does, whenever that changes. It ends with 1 where that
 * takes too long. apt itself waits for one of the four locks only, and dpkg for none. Perl is on every Debian.
 */
export const awaitApt = (seconds: number = longestAptWait, files: readonly string[] = locks): Shell => sh`
  (
    deadline=$((SECONDS + ${seconds})) told=
    while holder=$(perl -MFcntl -e ${askHolder} ${files}) && [ -n "$holder" ]; do
      [ "\${holder% (pid *}" = "$told" ] || { told=\${holder% (pid *}; echo "waiting for apt: held by $holder"; }
      [ $SECONDS -lt $deadline ] || { echo "apt is held by $holder for more than ${seconds} seconds"; exit 1; }
      sleep 1
    done
  )
`
