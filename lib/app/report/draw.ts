import { printable } from '../terminal/printable.js'
import { drawBars } from './draw-bars.js'
import { drawHistogram } from './draw-histogram.js'
import { drawLines } from './draw-lines.js'
import type { Plot } from './spec.js'

/** Draws plots as SVG text. */
export interface Drawing {
  /** `label` is what a screen reader says in place of the picture. The same plot gives the same text. */
  draw (plot: Plot, label: string): string
}

/** What the parts of a drawing have in common: the library, and where its elements are made. */
export interface Canvas {
  readonly library: Library
  /** Draws marks; sizes and margins in pixels of a picture that is `WIDTH` wide. */
  plot (options: PlotOptions): SVGElement
}

type Library = typeof import('@observablehq/plot')
type PlotOptions = import('@observablehq/plot').PlotOptions
type SVGElement = ReturnType<Library['plot']>

/** Pixels; a phone shows the picture nearly as it is. */
export const WIDTH = 370

/** Loads the plot library and a small DOM for it to draw in: nobody pays for them who writes no report. */
export async function loadDrawing (): Promise<Drawing> {
  const library = await import('@observablehq/plot')
  const { DOMImplementation, XMLSerializer } = await import('@xmldom/xmldom')
  const document = new DOMImplementation().createDocument('http://www.w3.org/1999/xhtml', 'html') as unknown as PlotOptions['document']
  const serializer = new XMLSerializer()
  const canvas: Canvas = { library, plot: options => library.plot({ document, width: WIDTH, style: '', ...options }) }
  return {
    draw (plot, label) {
      const svg = drawOn(canvas, plot)
      // To a screen reader the picture is one thing; its groups may have no names of their own.
      for (const group of Array.from<SVGElement>(svg.getElementsByTagName('g'))) group.removeAttribute('aria-label')
      svg.setAttribute('role', 'img')
      svg.setAttribute('aria-label', label)
      for (const child of [...svg.childNodes]) if (child.nodeName === 'style') svg.removeChild(child)
      return printable(serializer.serializeToString(svg), { lines: true })
    }
  }
}

function drawOn (canvas: Canvas, plot: Plot): SVGElement {
  switch (plot.kind) {
    case 'bars': return drawBars(canvas, plot)
    case 'histogram': return drawHistogram(canvas, plot)
    case 'lines': return drawLines(canvas, plot)
  }
}
