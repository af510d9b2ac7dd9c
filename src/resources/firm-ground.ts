import { sh, type Shell } from '../shell/sh.ts'

/**
 * Where root acts on a path, nobody else may be able to redirect it by a link or another folder. So every folder above
 * a managed path must be a real folder that belongs to root and that nobody else may write to. Then it stays so: only
 * root could change it between the check and the act.
 *
 * Hard links need no look of their own. Somebody else cannot make one in such a folder, and what stands there under a
 * second name elsewhere is replaced by a rename, never written into.
 */
export const standsFirm = (path: string): Shell => sh`stands_firm ${path}`

/** Debian's group of those who may change `/usr/local`; they are as good as root by its policy. */
const staffId = 50

/** The function that `standsFirm` calls, for the head of a script: fails, and says why, where the path does not stand firm. */
export const defineStandsFirm: Shell = sh`
  stands_firm() {
    local folder=/ part
    local -a folders=(/) parts
    IFS=/ read -ra parts <<<"\${1#/}"
    for part in "\${parts[@]:0:\${#parts[@]}-1}"; do folder=\${folder%/}/$part; folders+=("$folder"); done
    # What is not there yet will be made by root.
    stat --printf='%f %u %g %U %n\n' -- "\${folders[@]}" 2>/dev/null | while read -r mode user group name folder; do
      mode=$((16#$mode))
      if [ $((mode & 0170000)) = $((0120000)) ]; then
        echo "$folder is a symbolic link, and nothing is changed through one: make it a folder, or a bind mount"
        exit 1
      elif [ $((mode & 0170000)) != $((0040000)) ]; then
        echo "$folder is not a folder: move it out of the way"
        exit 1
      elif [ "$user" != 0 ]; then
        echo "$folder belongs to $name, who could lead changes below it anywhere → chown root $folder"
        exit 1
      elif [ $((mode & 0002)) != 0 ] || { [ $((mode & 0020)) != 0 ] && [ "$group" != ${staffId} ]; }; then
        echo "others than root may write to $folder, and could lead changes below it anywhere → chmod go-w $folder"
        exit 1
      fi
    done
  }
`

/** The same look in Perl, for questions: `firm $path` is true where the path stands firm. Without single quotes. */
export const firmInPerl: Shell = sh`
  my %firm;
  sub firm {
    my ($folder) = $_[0] =~ m{^(/.+)/[^/]+$} or return 1;
    return $firm{$folder} //= do {
      my @facts = lstat $folder;
      my $loose = @facts && (!-d _ || $facts[4] != 0 || $facts[2] & 0002 || ($facts[2] & 0020 && $facts[5] != ${staffId}));
      $loose ? 0 : firm($folder);
    };
  }
`
