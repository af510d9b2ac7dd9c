import { sh, type Shell } from '../../shell/sh.ts'
import { places } from './places.ts'

/** What this HAProxy does about one of the servers that it calls. */
export interface Seen {
  /** True while it sends something there. */
  readonly isUsed: boolean
  /** Requests and connections that it has there now. */
  readonly open: number
}

/**
 * Run on a server that calls another one: looks five times a second how the HAProxy here sees that other one, and says so
 * whenever it changes. Ends once nothing goes there any more and nothing is open (`gone`), or once something goes there
 * again (`back`); after `seconds` in any case.
 */
export const watchServer = (name: string, wish: 'gone' | 'back', seconds: number): Shell => sh`
  perl -MIO::Socket::UNIX -e '
    my ($name, $wish, $seconds) = @ARGV;
    $| = 1;
    my $last = "";
    for (1 .. $seconds * 5) {
      my ($used, $open) = (0, 0);
      my $socket = IO::Socket::UNIX->new(Peer => "${places.adminSocket}") or exit;
      print $socket "show stat -1 4 -1\n";
      while (<$socket>) {
        # pxname, svname, qcur, qmax, scur … status is the eighteenth. A server with several places is listed for each.
        my @field = split /,/;
        next unless $field[1] =~ /^\Q$name\E(-(blue|green)(-\d+)?)?$/;
        $used ||= $field[17] =~ /^(UP|no check)/ ? 1 : 0;
        $open += $field[2] + $field[4];
      }
      print "seen $used $open\n" if $last ne "$used $open";
      $last = "$used $open";
      exit if $wish eq "gone" ? !$used && !$open : $used;
      select undef, undef, undef, 0.2;
    }
  ' ${name} ${wish} ${seconds}
`

/** Reads one line of that. */
export function readSeen(line: string): Seen | undefined {
  const [, used, open] = /^seen ([01]) (\d+)$/.exec(line) ?? []
  return open === undefined ? undefined : { isUsed: used === '1', open: Number(open) }
}
