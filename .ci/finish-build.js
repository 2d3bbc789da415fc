// What tsc does not do: prompts and vocabulary go with the build, and the command may be executed.
import { chmodSync, cpSync } from 'node:fs'

cpSync('prompts', 'dist/prompts', { recursive: true })
cpSync('lib/model/vocabulary', 'dist/lib/model/vocabulary', { recursive: true })
chmodSync('dist/lib/app/cli.js', 0o755)
