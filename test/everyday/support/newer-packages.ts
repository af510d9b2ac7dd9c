import type { Stack } from './stack.ts'

/** What an ordinary week of security fixes brings: a library that nearly all have open, and of each component its packages. */
const everywhere = ['libssl3t64']
const packagesOf: Readonly<Record<string, readonly string[]>> = {
  haproxy: ['haproxy'],
  keepalived: ['keepalived'],
  nginx: ['nginx', 'nginx-common'],
  etcd: ['etcd-server'],
  patroni: ['patroni', 'postgresql-17'],
  pgbouncer: ['pgbouncer'],
}

/** Ends the version of a package that came from here. */
export const newerEnding = '+everyday'

/**
 * Gives each server an archive with newer packages, since a lab has no way to Debian's. They are the installed ones, packed
 * again from what dpkg knows of them, scripts and all, with a later version: apt and dpkg do with them all that they do with
 * Debian's own, and each upgrade brings another version again.
 */
export async function offerNewerPackages({ project, status }: Stack): Promise<void> {
  const { servers } = await status()
  const ran = await Promise.all(servers.map(({ name }) => project.trimaran('exec', name, '--lab', '--', script)))
  const failed = ran.find(({ code }) => code !== 0)
  if (failed !== undefined) throw new Error(failed.stdout + failed.stderr)
}

const script = String.raw`
set -u
archive=/srv/newer-packages
rm -rf $archive /etc/apt/sources.list /etc/apt/sources.list.d/*
mkdir -p $archive
# The lab's image has all of them everywhere; a server of one's own only what its components need.
wanted='${everywhere.join(' ')}'
${Object.entries(packagesOf)
  .map(
    ([component, packages]) =>
      `grep -q '^${component} ' /var/lib/trimaran/manifest && wanted="$wanted ${packages.join(' ')}"`,
  )
  .join('\n')}
for package in $wanted; do
  tree=$(mktemp -d)
  chmod 755 $tree
  dpkg -L $package | while read -r path; do
    if [ -L "$path" ] || [ -e "$path" ]; then printf '%s\0' "$path"; fi
  done | tar -c --no-recursion --null -T - 2>/dev/null | tar -x -C $tree
  mkdir $tree/DEBIAN
  for part in preinst postinst prerm postrm triggers shlibs conffiles; do
    for file in /var/lib/dpkg/info/$package.$part /var/lib/dpkg/info/$package:*.$part; do
      [ ! -e "$file" ] || cp "$file" $tree/DEBIAN/$part
    done
  done
  if [ -e $tree/DEBIAN/conffiles ]; then
    while read -r path; do [ ! -e "$path" ] || echo "$path"; done <$tree/DEBIAN/conffiles >$tree/conffiles
    mv $tree/conffiles $tree/DEBIAN/conffiles
  fi
  version=$(dpkg-query -W -f '\${Version}' $package)
  dpkg-query -s $package | awk '/^[^ ]/ { skip = /^(Status|Conffiles|Config-Version):/ } !skip' |
    sed "s/^Version: .*/&${newerEnding}/; s/(= $version)/(= $version${newerEnding})/g" >$tree/DEBIAN/control
  dpkg-deb -Zgzip -z1 -b $tree $archive/$package.deb >/dev/null || exit 1
  rm -rf $tree
done
cd $archive
for file in *.deb; do
  dpkg-deb -f $file
  printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' $file $(stat -c %s $file) $(sha256sum $file | cut -d' ' -f1)
done >Packages
echo "deb [trusted=yes] file:$archive ./" >/etc/apt/sources.list
`.replaceAll('\\${', '${')
