import t from 'tap'
import { formatNumber } from '../../../lib/app/report/format-number.js'
import type { Plot } from '../../../lib/app/report/spec.js'
import { tableOf } from '../../../lib/app/report/table-of.js'

t.test('numbers -> text', async t => {
  const cases = [
    { value: 12345, format: 'count', wanted: '12,345' },
    { value: 12.345, format: 'number', wanted: '12.3' },
    { value: 12, format: 'number', wanted: '12.0' },
    { value: 1234.5, format: 'number', wanted: '1,235' },
    { value: 12.345, format: 'percent', wanted: '12.3 %' },
    { value: undefined, format: 'count', wanted: '–' },
    { value: NaN, format: 'percent', wanted: '–' },
    { value: Infinity, format: 'number', wanted: '–' }
  ] as const
  for (const { value, format, wanted } of cases) t.equal(formatNumber(value, format), wanted)
})

t.test('plots -> tables with all their numbers', async t => {
  const cases: ReadonlyArray<{ readonly plot: Plot, readonly heads: readonly string[], readonly rows: ReadonlyArray<readonly string[]> }> = [
    {
      plot: {
        kind: 'bars', rowTitle: 'task', axis: 'share', format: 'percent', layout: 'beside', series: [{ name: 'ours', tone: 'first' }, { name: 'theirs', tone: 'second' }],
        rows: [{ label: 'search', values: [12.34, undefined], more: ['7'] }, { label: 'others', values: [0, 1] }], more: ['labels']
      },
      heads: ['task', 'ours', 'theirs', 'labels'],
      rows: [['search', '12.3 %', '–', '7'], ['others', '0.0 %', '1.0 %']]
    },
    {
      plot: {
        kind: 'histogram', axis: 'messages', series: [{ name: 'refined', tone: 'first' }, { name: 'before', tone: 'second' }],
        bins: [{ from: 8, to: 8, counts: [1, 0] }, { from: 9, to: 1200, counts: [3, 0] }, { from: 1201, to: undefined, counts: [0, 0] }], marks: [{ label: 'mean of GEM', value: 46.1 }]
      },
      heads: ['messages', 'refined', 'share', 'before', 'share'],
      rows: [['8', '1', '25.0 %', '0', '–'], ['9–1,200', '3', '75.0 %', '0', '–'], ['1,201 or more', '0', '0.0 %', '0', '–'], ['mean of GEM: 46.1', '', '', '', '']]
    },
    {
      plot: {
        kind: 'lines', x: { title: 'concurrency', format: 'count' }, y: { title: 'tok/s', format: 'number' },
        series: [{ name: 'one', tone: 'first', points: [[1, 2], [64, 90.55]] }, { name: 'two', tone: 'second', points: [[2, 3], [64, 8]] }], marks: [{ label: 'knee', value: 64 }]
      },
      heads: ['concurrency', 'one, tok/s', 'two, tok/s'],
      rows: [['1', '2.0', '–'], ['2', '–', '3.0'], ['64', '90.6', '8.0'], ['knee: 64', '', '']]
    }
  ]
  for (const { plot, heads, rows } of cases) {
    const { title, columns, rows: found } = tableOf('A title', plot)
    t.equal(title, 'A title')
    t.strictSame(columns.map(column => column.title), heads)
    t.strictSame(columns.map(({ numeric }) => numeric === true), heads.map((_, at) => at > 0))
    t.strictSame(found, rows)
  }
})
