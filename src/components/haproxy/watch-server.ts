import { sh, type Shell } from '../../shell/sh.ts'
import type { Callees, Seen } from '../component.ts'
import { places } from './places.ts'
import { placeholder } from './services.ts'

/** Looks five times a second how the HAProxy here sees a server that it calls. */
export const callees: Callees = { watch: watchServer, read: readSeen }

function watchServer(name: string, wish: 'gone' | 'back', seconds: number): Shell {
  return sh`
  perl -MIO::Socket::UNIX -e '
    my ($name, $wish, $seconds) = @ARGV;
    $| = 1;
    my $last = "";
    for my $look (1 .. $seconds * 5) {
      my ($used, $open, %here, %others) = (0, 0);
      my $socket = IO::Socket::UNIX->new(Peer => "${places.adminSocket}") or exit;
      print $socket "show stat -1 4 -1\n";
      while (<$socket>) {
        # pxname, svname, qcur, qmax, scur … status is the eighteenth. A server with several places is listed for each.
        my @field = split /,/;
        next unless @field > 17;
        my $is_up = $field[17] =~ /^(UP|no check)/ ? 1 : 0;
        if ($field[1] =~ /^(retry-)?\Q$name\E(-(blue|green)(-\d+)?)?$/) {
          $used ||= $is_up;
          $open += $field[2] + $field[4];
          $here{$field[0]} = 1 unless $1;
        } elsif ($is_up && $field[1] ne "${placeholder}") {
          $others{$field[0]}++;
        }
      }
      # Where it serves in several backends, the one with the fewest others counts.
      my ($others) = sort { $a <=> $b } map { $others{$_} || 0 } keys %here;
      my $now = join " ", $used, $open, $others || 0;
      print "seen $now\n" if $last ne $now;
      $last = $now;
      # Long enough to see another server fail two checks: somebody is to serve in its place.
      exit if $wish eq "gone" ? !$used && !$open && $look > 7 : $used;
      select undef, undef, undef, 0.2;
    }
  ' ${name} ${wish} ${seconds}
`
}

/** Reads one line of that. */
function readSeen(line: string): Seen | undefined {
  const [, used, open, others] = /^seen ([01]) (\d+) (\d+)$/.exec(line) ?? []
  return others === undefined ? undefined : { isUsed: used === '1', open: Number(open), others: Number(others) }
}
