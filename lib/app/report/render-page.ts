import { loadDrawing, type Drawing } from './draw.js'
import { html, trusted, type Markup } from './markup.js'
import { renderFigure, renderTable } from './render-figure.js'
import type { Page, Section } from './spec.js'
import { STYLE } from './style.js'

/**
 * A page as one HTML file: nothing is loaded, nothing is run, and the policy in its head forbids both. The same page gives the
 * same bytes. Loads the plot library with the first page.
 */
export async function renderPage (page: Page): Promise<string> {
  const drawing = await loadDrawing()
  return `${String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${page.title}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
${renderHeader(page)}
<main>
${page.sections.map(section => renderSection(section, drawing))}
</main>
<footer><p>Written by gemline. This file is complete in itself: it loads nothing and runs nothing.</p></footer>
</body>
</html>`)}\n`
}

function renderHeader ({ title, lead, notices, facts, sections }: Page): Markup {
  return html`<header>
<h1>${title}</h1>
<p>${lead}</p>
${notices.map(notice => html`<p class="notice" role="note">${notice}</p>\n`)}<dl class="facts">
${facts.map(({ label, value }) => html`<div><dt>${label}</dt><dd>${value}</dd></div>\n`)}</dl>
<nav aria-label="Sections"><ul>
${sections.map(section => html`<li><a href="#${section.id}">${section.title}</a></li>\n`)}</ul></nav>
</header>`
}

function renderSection ({ id, title, intro, blocks }: Section, drawing: Drawing): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
<p>${intro ?? ''}</p>
<div class="blocks">
${blocks.map((block, at) => renderBlock(block, `${id}-${at + 1}`, drawing))}</div>
</section>
`
}

function renderBlock (block: Section['blocks'][number], id: string, drawing: Drawing): Markup {
  switch (block.kind) {
    case 'figure': return renderFigure(block, id, drawing)
    case 'table': return html`<div class="card wide"><h3 id="${id}">${block.title}</h3>
<p class="muted">${block.caption ?? ''}</p>
${block.isFolded === true ? html`<details><summary>${block.rows.length} rows</summary>\n${renderTable(block, id)}</details>` : renderTable(block, id)}</div>
`
    case 'remark': return html`<p class="card wide muted">${block.text}</p>\n`
  }
}
