import { placedByTrimaran } from '../placed.ts'
import { places, table } from './places.ts'

const remembered = '/run/trimaran-firewall'

/** Loads the rules, and puts them back where somebody took them away. */
export function renderProgram(): string {
  return `#!/bin/bash
${placedByTrimaran}
# load   exactly the rules of ${places.rules}, in one step
# admit  the same, but whoever was admitted before still is: a server that leaves says its farewell first
# start  load after a boot; admit where this unit starts anew in the middle of a change
# holds  succeeds if the rules are exactly those of the file
# keep   puts them back whenever somebody takes them away: Debian's nftables.service begins with \`flush ruleset\`
rules=${places.rules}
present() { nft list chain ${table} incoming 2>/dev/null; }

# What is put there, and what is remembered of it, change together.
change() {
  mkdir -p ${remembered}
  exec 9>${remembered}/lock
  flock 9
  nft -f - && present >${remembered}/chain && nft list table ${table} >${remembered}/table
  local code=$?
  exec 9>&-
  return $code
}

load() { { printf 'table ${table}\\ndelete table ${table}\\n'; cat $rules; } | change; }

admit() {
  present >/dev/null || { load; return; }
  { printf 'flush chain ${table} incoming\\n'; cat $rules; } | change
}

start() {
  present >/dev/null || [ ! -s ${remembered}/table ] || nft -f ${remembered}/table
  admit
}

# The file is loaded into a network of its own, where nobody is disturbed, so that nft itself says what it comes to.
holds() {
  local wanted
  wanted=$(unshare --net bash -c "nft -f $rules && nft list table ${table}") || return 0
  [ "$(nft list table ${table} 2>/dev/null)" = "$wanted" ]
}

keep() {
  coproc monitor { exec nft monitor ruleset; }
  local code
  while :; do
    # Told at once, and looked at every ten seconds in any case.
    read -r -t 10 -u "\${monitor[0]}"
    code=$?
    [ $code = 0 ] || [ $code -gt 128 ] || exit 1
    while read -r -t 0.02 -u "\${monitor[0]}"; do :; done
    exec 9>${remembered}/lock
    flock 9
    [ "$(present)" = "$(<${remembered}/chain)" ] && { exec 9>&-; continue; }
    exec 9>&-
    load || exit 1
    echo 'somebody changed the rules of the firewall: they are as before'
  done
}

"$1"
`
}
