import fc from 'fast-check'

/**
 * Every run of the tests tries the same random cases, so that a green run means the same everywhere. `GEMLINE_SEED=<n>` tries
 * others, `GEMLINE_SEED=random` new ones each time; a failure prints its seed and path.
 */
const wanted = process.env['GEMLINE_SEED'] ?? '20260110'
if (wanted !== 'random') fc.configureGlobal({ seed: Number(wanted) })
