import { placedByTrimaran } from '../placed.ts'
import { places, selfPort } from './places.ts'

/**
 * The reload that systemd calls. Perl, since Debian always has it and it speaks to HAProxy's sockets without more
 * packages.
 */
export function renderReloadScript(): string {
  return `#!/usr/bin/perl
${placedByTrimaran}
# Reloads HAProxy so that the new worker knows from its first request which servers are down or drained, and so that a server
# it has not met before is asked before it is sent anything. Without that it would take all of them for healthy.
use strict;
use warnings;
use IO::Socket::UNIX;

my ($config, $state) = ('${places.config}', '${places.serverState}');
# srv_check_state of a server whose checks are configured (2) and enabled (4).
my $checked = 6;

save();
reload();

# At any later start, what is known now would be too old to be believed.
END { unlink $state }

sub save {
    my $answer = ask('${places.adminSocket}', 'show servers state', 5);
    return unless defined $answer && $answer =~ /^1\\n/;
    my ($configured, %met, %example) = (configured());
    open my $file, '>', "$state.new" or die "$state.new: $!\\n";
    for my $line (split /\\n/, $answer) {
        my @field = split ' ', $line;
        if ($line !~ /^\\d+ /) { print $file "$line\\n"; next }
        # What the checks ask is the new configuration's business.
        @field[21 .. 24] = qw(0 - - 0);
        # One that is checked, and not a stand-in.
        $example{$field[1]} = [@field] if $field[13] == $checked;
        # A server whose address or port is another one now is another server: its old state would hide the change.
        next if ($configured->{"$field[1]/$field[3]"}{place} // '') ne "$field[4]:$field[18]";
        $met{"$field[1]/$field[3]"} = 1;
        print $file "@field\\n";
    }
    # A new server begins as one that is down. Its checks bring it up, and that is where slow start begins.
    for my $name (grep { !$met{$_} } sort keys %$configured) {
        my ($backend, $server) = split m{/}, $name;
        next unless $configured->{$name}{is_asked} && $example{$backend};
        print $file join(' ', down($server, $configured->{$name}{place}, @{$example{$backend}})), "\\n";
    }
    close $file or die "$state.new: $!\\n";
    rename "$state.new", $state or die "$state: $!\\n";
}

# What the file says of a server that is down: as of another server of its backend, but for what is its own. The fields are
# those of "show servers state" in HAProxy's management guide.
sub down {
    my ($server, $place, @field) = @_;
    @field[3, 4, 18] = ($server, $place =~ /^(.*):(\\d+)$/);
    # Neither running nor set aside, with its full weight, for no time yet; its checks are about to begin (1: with the status 0
    # their results would not count), and none has succeeded.
    @field[5 .. 13] = (0, 0, @field[8, 8], 0, 1, 0, 0, $checked);
    return @field;
}

# The servers of the new configuration, by "backend/server": "address:port", and whether checks decide over it.
sub configured {
    my ($backend, %servers) = ('');
    open my $file, '<', $config or die "$config: $!\\n";
    while (<$file>) {
        $backend = $1 if /^backend (\\S+)/;
        next unless /^\\s+server (\\S+) (\\S+)(.*)/;
        my ($server, $place, $rest) = ($1, $2, $3);
        $servers{"$backend/$server"} = { place => $place, is_asked => $rest !~ / (?:no-check|disabled)\\b/ };
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
