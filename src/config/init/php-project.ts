import { parseObject, isObject } from './parse-object.ts'
import type { Folder } from './folder.ts'

/** Extensions of PHP that are packages of their own in Debian. */
const extensions = 'bcmath curl gd gmp imagick intl ldap mbstring mysql pgsql redis soap sqlite3 xml zip'.split(' ')
const also: Readonly<Record<string, string>> = {
  dom: 'xml',
  simplexml: 'xml',
  xmlwriter: 'xml',
  xmlreader: 'xml',
  pdo_pgsql: 'pgsql',
  pdo_mysql: 'mysql',
  mysqli: 'mysql',
  pdo_sqlite: 'sqlite3',
}

/** Apache without its service: PHP runs inside, so one program listens on $PORT, and nothing starts by itself. */
export const phpPackages = (folder: Folder, ...more: readonly string[]): readonly string[] => {
  const required = parseObject(folder.text('composer.json'))?.['require']
  const stated = Object.keys(isObject(required) ? required : {})
    .filter((name) => name.startsWith('ext-'))
    .map((name) => name.slice('ext-'.length))
    .map((name) => also[name] ?? name)
  const wanted = [...new Set([...stated, ...more])].filter((name) => extensions.includes(name))
  return ['apache2-bin', 'libapache2-mod-php8.4', ...wanted.toSorted().map((name) => `php8.4-${name}`)]
}

export const composerInstall = 'composer install --no-dev --optimize-autoloader --no-interaction'

/** Runs Apache as a program that ends on SIGTERM; its settings are a file of the release. PATH has no /usr/sbin. */
export const apacheStart = '/usr/sbin/apache2 -D FOREGROUND -d "$PWD" -f apache.conf'

/** Settings for Apache as the app's own web server, with everything that `.htaccess` files usually need. */
export const apacheConf = (
  root: string,
): string => `# Apache with PHP inside, as \`app.start\` runs it: it listens on $PORT, writes only to /tmp, and logs to the journal.
Listen \${PORT}
ServerName localhost
PidFile /tmp/apache2.pid
DocumentRoot "\${PWD}${root === '' ? '' : `/${root}`}"
ErrorLog "|/bin/cat"
LogLevel warn

${['mpm_prefork', 'authz_core', 'dir', 'env', 'headers', 'mime', 'rewrite', 'setenvif'].map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
LoadModule php_module /usr/lib/apache2/modules/libphp8.4.so

# Each request takes a process while it runs.
StartServers 2
MaxRequestWorkers 20

# $_ENV has the variables of the app, as \`app.env\` and \`app.secrets\` name them: Debian's php.ini leaves it empty.
php_admin_value variables_order EGPCS

TypesConfig /etc/mime.types
DirectoryIndex index.php index.html
<FilesMatch "\\.php$">
    SetHandler application/x-httpd-php
</FilesMatch>
# Hidden files, settings and lists of packages are nobody's business.
<FilesMatch "^\\.|\\.(?:conf|ts|lock|sh|sql|md)$|^(?:composer|package)[\\w.-]*\\.json$">
    Require all denied
</FilesMatch>
<Directory />
    Options FollowSymLinks
    AllowOverride All
</Directory>
# Something in front ended TLS.
SetEnvIf X-Forwarded-Proto https HTTPS=on
`
