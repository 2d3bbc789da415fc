import type { Drawing } from './draw.js'
import { html, trusted, type Markup } from './markup.js'
import type { Figure, Plot, Table } from './spec.js'
import { tableOf } from './table-of.js'

/** A figure: words, legend, picture, and below it the table with its numbers. */
export function renderFigure ({ title, caption, plot }: Figure, id: string, drawing: Drawing): Markup {
  return html`<figure aria-labelledby="${id}">
<figcaption><h3 id="${id}">${title}</h3>
<p>${caption}</p></figcaption>
${renderLegend(plot)}${trusted(drawing.draw(plot, `${title}. The table below has the numbers.`))}
<details><summary>Numbers of “${title}”</summary>
${renderTable(tableOf(title, plot), id)}</details>
</figure>
`
}

/** A table, which scrolls by itself where it is too wide. `id` is that of its heading. */
export function renderTable ({ columns, rows }: Table, id: string): Markup {
  const classOf = (at: number): Markup | string => columns[at]?.numeric === true ? html` class="number"` : ''
  return html`<div class="scroll" role="region" aria-labelledby="${id}" tabindex="0"><table aria-labelledby="${id}">
<thead><tr>${columns.map(({ title }, at) => html`<th scope="col"${classOf(at)}>${title}</th>`)}</tr></thead>
<tbody>
${rows.map(cells => html`<tr>${cells.map((cell, at) => at === 0 ? html`<th scope="row">${cell}</th>` : html`<td${classOf(at)}>${cell}</td>`)}</tr>\n`)}</tbody>
</table></div>
`
}

/** What colours and dashes mean. A single series needs no word. */
function renderLegend (plot: Plot): Markup | string {
  const marks = plot.kind === 'bars' ? [] : plot.marks ?? []
  const series = plot.series.length > 1 || marks.length > 0 ? plot.series : []
  if (series.length === 0) return ''
  return html`<ul class="legend">${series.map(({ name, tone }, at) => html`<li${plot.kind === 'histogram' && at > 0 ? html` class="outline"` : ''}><i style="--tone:var(--${tone})"></i>${name}</li>`)}${marks.map(({ label }) => html`<li class="mark"><i style="--tone:var(--text)"></i>${label}</li>`)}</ul>\n`
}
