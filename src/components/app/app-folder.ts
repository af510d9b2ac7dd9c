/** Where releases are unpacked, with links to those in use. */
export const appFolder = '/srv/app'
