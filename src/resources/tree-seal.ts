import { sh, type Shell } from '../shell/sh.ts'
import { sealsFolder } from './state-folder.ts'

/**
 * What a tree held when it was unpacked is remembered by root, in two forms. The quick one is a digest over names, modes,
 * owners, sizes and times of all entries, the time of their last change among them, which nobody can set back: a look at it
 * costs no reading of files. Only where it differs is the full list of contents compared, which then names what was changed; a
 * disk that was restored from a copy differs in the quick one alone, and is well.
 */
export const sealFunctions: Shell = sh`
  seal_of() { local name=\${1#/}; printf '%s/%s' ${sealsFolder} "\${name//\//-}"; }
  quick_seal() ( cd "$1" && find . -printf '%p %y %m %U:%G %s %T@ %C@ %l\0' | LC_ALL=C sort -z | sha256sum )
  full_seal() (
    cd "$1" && {
      # No path has two slashes in a row: there it ends.
      find . -printf '%p//%y %m %U:%G %l\0'
      find . -type f -print0 | xargs -0r sha256sum -z | LC_ALL=C sed -zE 's/^([0-9a-f]+)  (.*)$/\2\/\/\1/'
    } | LC_ALL=C sort -z
  )
  # Remembers that the tree $1 holds what the compressed list $2 says.
  seal_as() {
    install -d -m 0700 ${sealsFolder}
    mv -f "$2" "$(seal_of "$1").list"
  }
  # With this one it counts as whole.
  seal_quickly() {
    local to
    to=$(seal_of "$1")
    quick_seal "$1" >"$to.quick.new"
    mv -f "$to.quick.new" "$to.quick"
  }
  # Paths that are not alike in two full lists, each once, each with a zero at its end.
  unlike() { LC_ALL=C comm -z -3 "$1" "$2" | LC_ALL=C sed -zE 's/^\t//; s/\/\/.*//' | LC_ALL=C sort -zu; }
  # The same in lines, to be shown.
  changed_in() { unlike <(gzip -dc "$(seal_of "$1").list") <(full_seal "$1") | tr '\n\t\0' '??\n'; }
`

export const forgetSeal = (path: string): Shell => {
  const seal = `${sealsFolder}/${path.slice(1).replaceAll('/', '-')}`
  return sh`rm -f ${seal}.list ${seal}.quick`
}
