import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { GemlineError, toGemlineError } from '../engine/errors.js'
import { parsePrompt, type Prompt } from './prompt.js'

/** All versions of all prompts of a folder, by `name@v<version>`. */
export type PromptSet = ReadonlyMap<string, Prompt>

/** The folder that comes with the package; beside `lib` in the sources and in the build alike. */
const PACKAGE_PROMPTS = fileURLToPath(new URL('../../prompts/', import.meta.url))

/**
 * Reads every `.md` file below a folder, by default the package's own, in the order of their paths.
 * Rejects with `prompt-invalid` if one is wrong, is not called `<name>.v<version>.md`, or the folder cannot be read.
 */
export async function loadPrompts (folder: string = PACKAGE_PROMPTS): Promise<PromptSet> {
  const prompts = new Map<string, Prompt>()
  for (const path of await listPrompts(folder)) {
    const prompt = parsePrompt(await readFile(join(folder, path), 'utf8'), path)
    const expected = `${prompt.name}.v${prompt.version}.md`
    if (path !== expected) throw new GemlineError('prompt-invalid', `prompt ${path}: by its name and version it should be called ${expected}`)
    prompts.set(`${prompt.name}@v${prompt.version}`, prompt)
  }
  return prompts
}

/**
 * The prompt that a config means: `name@v<version>`, or `name` alone for its newest version.
 * Rejects with `prompt-invalid` if there is none; the message names those there are.
 */
export function findPrompt (prompts: PromptSet, wanted: string): Prompt {
  const versions = [...prompts.values()].filter(({ name }) => name === wanted)
  const found = prompts.get(wanted) ?? versions.sort((a, b) => b.version - a.version)[0]
  if (found === undefined) throw new GemlineError('prompt-invalid', `no prompt ${wanted}; there are ${[...prompts.keys()].join(', ')}`)
  return found
}

async function listPrompts (folder: string): Promise<string[]> {
  try {
    const paths = await readdir(folder, { recursive: true })
    return paths.filter(path => path.endsWith('.md')).map(path => path.replaceAll('\\', '/')).sort()
  } catch (error) {
    throw toGemlineError(error, 'prompt-invalid', `prompts in ${folder}`)
  }
}
