import { sh, type Shell } from '../shell/sh.ts'
import type { Tree } from './resource.ts'
import { inboxPath } from './state-folder.ts'
import { sealFunctions } from './tree-seal.ts'

/** Beside an archive that was sent: what it holds, as a tree is remembered; and what of it lies in which tree already. */
export const listOf = (payload: string): string => `${inboxPath(payload)}.list.gz`
const heldBy = (payload: string): string => `${inboxPath(payload)}.base`
const heldFiles = (payload: string): string => `${inboxPath(payload)}.held`

/**
 * Compares the list that was sent with the trees beside the wanted one, chooses the one that has most of it and is what was
 * unpacked there, and remembers that. Prints `base NAME`, and a line `FROM TO` for each row of files that are not in it, numbered as
 * the list has them. Without a tree that helps it prints nothing.
 */
export const compareTrees = ({ path, payload }: Pick<Tree, 'path' | 'payload'>, seconds: number): Shell => sh`
  ${sealFunctions}
  export LC_ALL=C
  list=${inboxPath(payload)}.list
  rm -f ${heldBy(payload)} ${heldFiles(payload)}
  gzip -dc ${listOf(payload)} >"$list" || exit 1
  held_in() { comm -z -12 <(gzip -dc "$(seal_of "$1").list") "$list"; }
  candidates() {
    for tree in ${path.slice(0, path.lastIndexOf('/'))}/*; do
      [ -d "$tree" ] && [ ! -L "$tree" ] && [ -e "$(seal_of "$tree").quick" ] || continue
      printf '%s %s\n' "$(held_in "$tree" | tr -cd '\0' | wc -c)" "$tree"
    done | sort -rn
  }
  candidates | while read -r count tree; do
    [ "$count" -gt 0 ] || break
    # What was changed there by hand is not handed on.
    [ "$(quick_seal "$tree")" = "$(cat "$(seal_of "$tree").quick")" ] || continue
    printf '%s\n%s\n' "$tree" ${seconds} >${heldBy(payload)}
    printf 'base %s\n' "\${tree##*/}"
    held_in "$tree" >"$list.common"
    perl -we '
      $/ = "\0";
      # A file is held where both of its records are: what is in it, and its mode.
      my %held;
      open my $common, "<", $ARGV[1] or die;
      while (<$common>) { my $at = index $_, "//"; $held{substr $_, 0, $at}++ if is_content($_, $at) || substr($_, $at + 2, 2) eq "f " }
      open my $list, "<", $ARGV[0] or die;
      open my $files, ">", $ARGV[2] or die;
      my ($number, $from) = (0);
      while (<$list>) {
        my $at = index $_, "//";
        next unless is_content($_, $at);
        my $name = substr $_, 0, $at;
        if (($held{$name} // 0) == 2) { print $files "$name\0"; print "$from ", $number - 1, "\n" if defined $from; undef $from }
        elsif (!defined $from) { $from = $number }
        $number++;
      }
      print "$from ", $number - 1, "\n" if defined $from;
      close $files or die;
      sub is_content { my ($one, $at) = @_; length($one) - $at == 67 && substr($one, $at + 2, 64) =~ /^[0-9a-f]+$/ }
    ' "$list" "$list.common" ${heldFiles(payload)}
    break
  done
  rm -f "$list" "$list.common"
`

/** Gets all of an archive from the operator's computer. */
export const forgetParts = (payload: string): Shell => sh`rm -f ${heldBy(payload)} ${heldFiles(payload)}`

/** Brings together, in a new folder, what another tree has already and what was sent; looks whether it is what was built. */
export const assemble = ({ payload, owner }: Tree, into: string): Shell => sh`
  ${sealFunctions}
  if [ -s ${heldFiles(payload)} ]; then
    { read -r base; read -r seconds; } <${heldBy(payload)}
    tar --create --directory "$base" --null --verbatim-files-from --no-recursion --files-from ${heldFiles(payload)} --mtime "@$seconds" |
      tar --extract --directory ${into} --no-same-owner
  fi
  tar -xzf ${inboxPath(payload)} -C ${into} --no-same-owner
  chown -hR ${owner}:${owner} ${into}
  if [ -e ${listOf(payload)} ]; then
    wrong=$(unlike <(gzip -dc ${listOf(payload)}) <(full_seal ${into}) | tr '\n\t\0' '??\n' | head -n 3)
    [ -z "$wrong" ] || { printf 'what was unpacked is not what was built: %s\n' "$wrong"; exit 1; }
  else
    full_seal ${into} | gzip -1 >${listOf(payload)}
  fi
`
