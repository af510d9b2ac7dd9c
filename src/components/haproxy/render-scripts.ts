import { placedByTrimaran } from '../placed.ts'
import { places, selfPort } from './places.ts'

/**
 * The reload that systemd calls. Perl, since Debian always has it and it speaks to HAProxy's sockets without more
 * packages.
 */
export function renderReloadScript(): string {
  return `#!/usr/bin/perl
${placedByTrimaran}
# Reloads HAProxy so that the new worker knows from its first request which servers are down or drained. Without that it
# would take all of them for healthy.
use strict;
use warnings;
use IO::Socket::UNIX;

my ($config, $state) = ('${places.config}', '${places.serverState}');

save();
reload();

# At any later start, what is known now would be too old to be believed.
END { unlink $state }

sub save {
    my $answer = ask('${places.adminSocket}', 'show servers state', 5);
    return unless defined $answer && $answer =~ /^1\\n/;
    my $configured = configured();
    open my $file, '>', "$state.new" or die "$state.new: $!\\n";
    for my $line (split /\\n/, $answer) {
        my @field = split ' ', $line;
        # A server whose address or port is another one now is another server: its old state would hide the change.
        next if $line =~ /^\\d+ / && ($configured->{"$field[1]/$field[3]"} // '') ne "$field[4]:$field[18]";
        # What the checks ask is the new configuration's business, too.
        @field[21 .. 24] = qw(0 - - 0) if $line =~ /^\\d+ /;
        print $file $line =~ /^\\d+ / ? "@field\\n" : "$line\\n";
    }
    close $file or die "$state.new: $!\\n";
    rename "$state.new", $state or die "$state: $!\\n";
}

# The servers of the new configuration: "backend/server" to "address:port".
sub configured {
    my ($backend, %servers) = ('');
    open my $file, '<', $config or die "$config: $!\\n";
    while (<$file>) {
        $backend = $1 if /^backend (\\S+)/;
        $servers{"$backend/$1"} = $2 if /^\\s+server (\\S+) (\\S+)/;
    }
    return \\%servers;
}

# Asks the master itself, which tells when the new worker serves, or why it does not; a signal would tell nothing.
sub reload {
    my $answer = ask('${places.masterSocket}', 'reload', 60) // 'the master process does not answer';
    return if $answer =~ /^Success=1/m;
    print STDERR "HAProxy was not reloaded, the worker before goes on:\\n$answer\\n";
    exit 1;
}

sub ask {
    my ($path, $question, $seconds) = @_;
    my $socket = IO::Socket::UNIX->new(Peer => $path) or return undef;
    local $SIG{ALRM} = sub { die "no answer\\n" };
    alarm $seconds;
    my $answer = eval { print $socket "$question\\n"; local $/; <$socket> };
    alarm 0;
    return $answer;
}
`
}

/** A question that costs a millisecond or two, since it is asked twice a second for ever. */
export function renderAliveScript(): string {
  return `#!/bin/bash
${placedByTrimaran}
# Succeeds while the local HAProxy answers. A process that hangs still accepts connections, so its answer is what counts.
exec 3<>/dev/tcp/127.0.0.1/${selfPort} || exit 1
printf 'GET /alive HTTP/1.0\\r\\n\\r\\n' >&3
read -r -t 0.3 answer <&3 && [[ $answer == *' 200 '* ]]
`
}
