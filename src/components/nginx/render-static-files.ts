/** Earlier releases whose files are still served: as many as stay on the servers. */
export const olderReleases = 4

export const older = Array.from({ length: olderReleases }, (_, index) => `older-${index + 1}`)
/** The paths of a file in several releases, as `try_files` has them. */
export const filesIn = (links: readonly string[]): string => links.map((link) => `/${link}$uri`).join(' ')

/** What all files of releases have in common. */
export const aboutFiles = `# There is no open_file_cache: a release is switched by one symbolic link, and takes effect at once.
# ETags come from time and size; all files of a release have its time, on every web server.`

/** A location that serves files of releases, and goes on to the last of `tries` where no release has the file. */
export const filesAt = (match: string, tries: string, caching = 'public, no-cache'): string => `location ${match} {
    root /srv/web;
    try_files ${tries};
    add_header Cache-Control "${caching}";
    charset utf-8;
}`

/** For names that never change. `otherwise` is where a request goes on to. */
export const immutableFiles = (otherwise: string): string =>
  `# Names that carry a hash of their content, such as app-3f9a1c2b.css, never change, nor does what lies in folders of bundlers.
# A page from an earlier release finds its files in that release, and a page from a newer release in the newer one.
${filesAt(`~ "${immutable}"`, `${filesIn(['current', 'next', ...older])} ${otherwise}`, 'public, max-age=31536000, immutable')}`

/**
 * The locations that serve a file of the release, or pass the request to the app.
 *
 * What they promise: a file is served only by its own name; a folder never hides a path of the app, unless it has an
 * `index.html`; names that begin with a dot, and those of programs that run in a web server, are never looked for; methods other than GET and HEAD are the app's; and a
 * file of an older release, but for one that never changes, never hides a path of the app: it takes the place of a 404
 * alone.
 */
export function renderStaticFiles(): string {
  return `${aboutFiles}

# POST and other methods go to the app, even where a file has that name. 418 says so below.
error_page 405 418 = @app;

# Names that begin with a dot (except /.well-known/) are never served from disk.
location ~ /\\.(?!well-known/) {
    proxy_pass http://app;
}

# Programs of the app, and editors' copies of them, are never sent as files.
location ~* "${programs}" {
    proxy_pass http://app;
}

${immutableFiles('@app')}

# A folder is served by its index.html; without one the path belongs to the app.
location ~ /$ {
    try_files \${uri}index.html @app;
    add_header Cache-Control "public, no-cache";
    charset utf-8;
}

# Other files that pages load: if neither this release nor the app has a file, it is served from an earlier release.
location ~* "${loaded}" {
    root /srv/web;
    if ($request_method !~ "^(?:GET|HEAD)$") {
        return 418;
    }
    try_files ${filesIn(['current', 'next'])} @loaded;
    add_header Cache-Control "public, no-cache";
    charset utf-8;
}
location @loaded {
    proxy_intercept_errors on;
    error_page 404 = @older;
    proxy_pass http://app;
}
# Where no release has it, the app says once more, and in its own words, that it is not there.
${filesAt('@older', `${filesIn(older)} @app`)}

# Browsers may cache other files, but check each time whether they are still the same (304).
# New files of a release that is just being rolled out are served already.
${filesAt('/', `${filesIn(['current', 'next'])} @app`)}

location @app {
    # A folder with an index.html is redirected to its name with a slash.
    if (-f $document_root$uri/index.html) {
        return 301 $asked_path/$is_args$args;
    }
    proxy_pass http://app;
}`
}

/**
 * Names that bundlers make from a file's content. Eight or more hexadecimal digits are a hash if both a letter and a
 * digit are among them (so that `photo-20261122.jpg` is none). The mixed eight characters of Vite and its kin are only
 * believed in the folder that it writes to. In folders of Next, Nuxt, SvelteKit and Astro every file is as good as its name,
 * but for the one by which Nuxt tells which build is the latest. What is missed is merely asked for again each time; what is
 * wrongly believed would be kept by browsers for a year.
 */
const hex = String.raw`[-._](?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{8,64}(\.[a-z0-9]+)+$`
const mixed = String.raw`/assets/(.*/)?[^/]*[-.](?=[\w-]{0,7}[0-9])(?=[\w-]{0,7}[a-z])(?=[\w-]{0,7}[A-Z])[\w-]{8}(\.[a-z0-9]+)+$`
const folders = String.raw`/(_next/static|_nuxt|_app/immutable|_astro)/(?!builds/latest\.json$)(.*[^/])$`
export const immutable = `${hex}|${mixed}|${folders}`

/** Endings of what a language runs inside a web server. Such a file may stand in `public/`, as Laravel's `index.php` does. */
export const programs = String.raw`\.(php[0-9s]?|phtml|phar|f?cgi|jspx?|aspx?|as[chm]x|cshtml|erb|rhtml|twig)([.~].*)?$`

/** Endings of what pages load by themselves: no documents, which people look for, and which were removed on purpose. */
export const loaded = String.raw`\.(m?js|cjs|css|map|json|wasm|rsc|woff2?|ttf|otf|eot|svg|png|jpe?g|gif|webp|avif|ico|bmp|mp[34]|webm|ogg)$`
