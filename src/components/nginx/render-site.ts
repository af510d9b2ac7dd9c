import type { Config } from '../../config/schema.ts'
import { aboutFiles, filesAt, filesIn, immutableFiles, loaded, older, programs } from './render-static-files.ts'

/**
 * The locations of a site of files alone: nobody answers where no file does. So a page is also found without its `.html`; what
 * pages load is looked for in earlier releases, too; and every other path is answered by the fallback, where there is one. A
 * file that a page loads is never answered by it: a browser would take a page for a program.
 */
export function renderSite({ fallback }: Pick<Config['web'], 'fallback'>): string {
  return `${aboutFiles}

# The page of the release for what is not there, if it has one.
error_page 404 /404.html;
location = /404.html {
    internal;
    add_header Cache-Control no-cache always;
    charset utf-8;
}

# Names that begin with a dot (except /.well-known/) are never served.
location ~ /\\.(?!well-known/) {
    return 404;
}

# Programs, and editors' copies of them, are never sent as files.
location ~* "${programs}" {
    return 404;
}

${immutableFiles('=404')}

# A folder is served by its index.html.
location ~ /$ {
    try_files \${uri}index.html @missing;
    add_header Cache-Control "public, no-cache";
    charset utf-8;
}

# Other files that pages load.
${filesAt(`~* "${loaded}"`, `${filesIn(['current', 'next', ...older])} =404`)}

# Browsers may cache other files, but check each time whether they are still the same (304).
# New files of a release that is just being rolled out are served already. A page is found without its .html, too.
${filesAt('/', `${filesIn(['current', 'next'])} /current$uri.html @missing`)}

location @missing {
    # A folder with an index.html is redirected to its name with a slash.
    if (-f $document_root$uri/index.html) {
        return 301 $asked_path/$is_args$args;
    }
${
  fallback === undefined
    ? '    return 404;'
    : `    # web.fallback: the page finds out by itself what was asked for.
    try_files /${fallback} =404;
    add_header Cache-Control "public, no-cache";
    charset utf-8;`
}
}`
}
