import neostandard from 'neostandard'

export default [
  { ignores: ['dist/**', 'out/**', 'node_modules/**', '.tap/**', '.tools/**', 'examples/data/**'] },
  ...neostandard({ ts: true, noJsx: true }),
  {
    files: ['**/*.ts'],
    rules: {
      '@stylistic/object-property-newline': 'off',
      // An interface and its factory may share a name (`Pipeline` and `Pipeline.of`).
      '@typescript-eslint/no-redeclare': 'off',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      complexity: ['error', 15],
      'max-params': ['error', 3],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      'max-lines': ['error', { max: 250 }]
    }
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts', 'examples/**/*.ts'],
    rules: { 'max-lines-per-function': 'off', 'max-lines': 'off', complexity: 'off' }
  }
]
