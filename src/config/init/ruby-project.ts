import type { Folder } from './folder.ts'

/** How the gems of an app get to servers: with the release, or as Debian's packages where there is no list of them. */
export function rubyBuild(folder: Folder, ...debianPackages: readonly string[]) {
  if (!folder.has('Gemfile'))
    return { build: undefined, runtime: { packages: ['ruby', ...debianPackages, 'ruby-pg'] }, bundle: '' }
  const libraries = /\bpg\b/.test(folder.text('Gemfile')) ? ['libpq5'] : []
  const gems = folder.has('Gemfile.lock') ? 'bundle config set --local deployment true && ' : ''
  return {
    build: `${gems}bundle config set --local path vendor/bundle && bundle config set --local without development:test && bundle install`,
    runtime: { packages: ['ruby', 'ruby-bundler', ...libraries] },
    bundle: 'bundle exec ',
  }
}
