import type { Folder } from '../folder.ts'
import type { Ecosystem, Found } from '../draft.ts'
import { trimaran } from '../../../speech/suggested-command.ts'

/** How a framework is told its port. */
const frameworks = [
  { name: 'Spring Boot', sign: /spring-boot/, port: 'server.port' },
  { name: 'Quarkus', sign: /io\.quarkus/, port: 'quarkus.http.port' },
  { name: 'Micronaut', sign: /micronaut/, port: 'micronaut.server.port' },
] as const

/** Java and Kotlin, built by Maven, Gradle or the compiler alone. */
export const java: Ecosystem = {
  name: 'Java (Spring Boot and others)',
  family: 'java',
  detect: (folder) => {
    const gradle = ['build.gradle', 'build.gradle.kts'].find((name) => folder.has(name))
    if (folder.has('pom.xml')) return built(folder, 'pom.xml')
    if (gradle !== undefined) return built(folder, gradle)
    return plain(folder)
  },
}

const springDatabase = {
  SPRING_DATASOURCE_URL: { code: "database.url({ scheme: 'jdbc:postgresql' })" },
  SPRING_DATASOURCE_USERNAME: { code: 'database.user' },
  SPRING_DATASOURCE_PASSWORD: { code: 'database.password' },
} as const

function built(folder: Folder, manifest: string): Found {
  const text = folder.text(manifest)
  const framework = frameworks.find(({ sign }) => sign.test(text))
  const kind = framework?.name ?? 'Java'
  if (/<packaging>war<|id\s*\(?['"]war['"]/.test(text) && framework === undefined)
    return {
      kind: 'Java',
      evidence: `${manifest}, which makes a WAR`,
      missing: 'a WAR needs a servlet container, and the app must be one program that listens on $PORT',
      next: `package it as a JAR that starts by itself, with an embedded server, and run ${trimaran('init')} again`,
    }
  const isMaven = manifest === 'pom.xml'
  const tool = isMaven ? (folder.has('mvnw') ? './mvnw' : 'mvn') : folder.has('gradlew') ? './gradlew' : 'gradle'
  const made = isMaven ? 'target' : 'build'
  const out = isMaven ? made : `${made}/libs`
  const make = isMaven
    ? `${tool} --batch-mode -DskipTests package`
    : `${tool} --no-daemon ${kind === 'Spring Boot' ? 'bootJar' : 'assemble'}`
  const isQuarkus = kind === 'Quarkus'
  const move = isQuarkus ? `mv ${made}/quarkus-app .` : `mv "$(ls -S ${out}/*.jar | head -n 1)" app.jar`
  const version = Number(
    /(?:java\.version>|maven\.compiler\.release>|JavaLanguageVersion\.of\(|sourceCompatibility\s*=\s*['"]?(?:JavaVersion\.VERSION_)?)(\d+)/.exec(
      text,
    )?.[1] ?? 21,
  )
  return {
    kind,
    evidence: manifest,
    ...(framework === undefined && { guessed: ['start'] as const }),
    comments: {
      build: isQuarkus
        ? `Of ${made}/ only what is started is shipped.`
        : `Of ${made}/ only what is started is shipped: the largest JAR, which has in it what the others lack.`,
    },
    advice: [
      'the build needs a JDK on this computer',
      ...(framework === undefined
        ? [
            `${manifest} names no framework that is known here: the JAR must contain what it needs, start by itself, and listen on $PORT`,
          ]
        : []),
    ],
    app: {
      build: `${make} && ${move} && rm -rf ${isMaven ? made : `${made} .gradle`}`,
      start: `java ${framework === undefined ? '' : `-D${framework.port}=$PORT `}-jar ${isQuarkus ? 'quarkus-app/quarkus-run.jar' : 'app.jar'}`,
      ...(/spring-boot-starter-actuator/.test(text) && { health: '/actuator/health' }),
      runtime: { packages: [version > 21 ? 'openjdk-25-jre-headless' : 'default-jre-headless'] },
    },
    ...(kind === 'Spring Boot' && { database: { env: springDatabase } }),
  }
}

/** Sources alone, with the server that Java itself has. */
function plain(folder: Folder): Found | undefined {
  const main = folder.find(/\.java$/).find((path) => /static\s+void\s+main|^\s*void\s+main\(/m.test(folder.text(path)))
  if (main === undefined) return undefined
  const text = folder.text(main)
  const inPackage = /^package\s+([\w.]+);/m.exec(text)?.[1]
  const name = main.slice(main.lastIndexOf('/') + 1, -'.java'.length)
  return {
    kind: 'Java',
    evidence: main,
    advice: [
      'the build needs a JDK of version 21 at most on this computer',
      ...(text.includes('PORT') ? [] : [`${main} must listen on the port that System.getenv("PORT") names`]),
    ],
    app: {
      build: "javac -d classes $(find . -name '*.java')",
      start: `java -cp classes ${inPackage === undefined ? name : `${inPackage}.${name}`}`,
      runtime: { packages: ['default-jre-headless'] },
    },
  }
}
