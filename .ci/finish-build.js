// What tsc does not do: the prompts go with the build, and the command may be executed.
import { chmodSync, cpSync } from 'node:fs'

cpSync('prompts', 'dist/prompts', { recursive: true })
chmodSync('dist/lib/app/cli.js', 0o755)
