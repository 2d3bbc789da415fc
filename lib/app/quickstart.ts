import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Root of the package: the folder of package.json, above `lib` in the sources and above `dist/lib` in the build. */
export function packageRoot (): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder)
  return folder
}

/** The config that runs when none is named: the shipped sample on the embedded server. Its paths are those of the package. */
export function quickstartFile (): string {
  return join(packageRoot(), 'examples', 'quickstart.yaml')
}

/** What the quickstart sets beyond its file, so that it runs from any folder. */
export function quickstartSettings (pipeline: string): ReadonlyArray<readonly [string, unknown]> {
  return [
    ['source.uri', join(packageRoot(), 'examples', 'data', 'ultra-fineweb-sample.parquet')],
    ['out', `out/quickstart-${pipeline}`]
  ]
}
