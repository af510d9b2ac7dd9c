import { checkEnvName } from '../../values/env-name.ts'
import type { Code, Ecosystem } from '../draft.ts'
import type { Folder } from '../folder.ts'
import { isObject, parseObject } from '../parse-object.ts'
import { shellWord } from '../shell-word.ts'

/** ASP.NET Core; Debian has no .NET, so the build makes a program that contains it. */
export const dotnet: Ecosystem = {
  name: '.NET',
  family: 'dotnet',
  detect: (folder) => {
    const projects = folder.find(/\.(?:cs|fs)proj$/)
    const web = projects.find((path) => folder.text(path).includes('Microsoft.NET.Sdk.Web'))
    if (web === undefined) return undefined
    const file = web.slice(web.lastIndexOf('/') + 1)
    const name = /<AssemblyName>([\w.-]+)</.exec(folder.text(web))?.[1] ?? file.replace(/\.\w+$/, '')
    const hasFiles = folder.has(`${folderOf(web)}wwwroot`)
    const made = projects
      .filter((path) => !/tests?\b/i.test(path))
      .flatMap((path) => [`${folderOf(path)}bin`, `${folderOf(path)}obj`])
    return {
      kind: 'ASP.NET Core',
      evidence: web,
      ...(hasFiles && { root: 'publish/wwwroot' }),
      comments: {
        build: 'Debian has no .NET: this makes a program for servers with an amd64 processor, with .NET inside.',
      },
      advice: [
        'the build needs the .NET SDK on this computer',
        'ForwardedHeaders must be configured where links need the scheme and name that visitors use',
      ],
      app: {
        build: `dotnet publish ${shellWord(web)} --configuration Release --runtime linux-x64 --self-contained --output publish && rm -rf ${made.map(shellWord).join(' ')}`,
        // It looks for its settings and its files in the folder that it is started in.
        start: `cd publish && exec ${shellWord(`./${name}`)}`,
        runtime: { packages: ['libicu76'] },
        env: { ASPNETCORE_HTTP_PORTS: { code: 'app.port' } },
      },
      database: { env: connectionStrings(folder, web) },
    }
  },
}

/** The folder of a file, with its slash; empty on top. */
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1)

/** The connection strings that appsettings.json names, as Npgsql reads them; without those whose name no variable can have. */
function connectionStrings(folder: Folder, web: string): Readonly<Record<string, Code>> {
  const settings = parseObject(folder.text(`${folderOf(web)}appsettings.json`))
  const named = settings?.['ConnectionStrings']
  const parts = { Host: 'host', Port: 'port', Database: 'name', Username: 'user', Password: 'password' }
  const text = Object.entries(parts).map(([key, part]) => `${key}=\${database.${part}}`)
  return Object.fromEntries(
    Object.keys(isObject(named) ? named : {})
      .map((name) => `ConnectionStrings__${name}`)
      .filter((name) => checkEnvName(name) === undefined)
      .map((name) => [name, { code: `text\`${text.join(';')}\`` }]),
  )
}
