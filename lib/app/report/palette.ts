import type { Tone } from './spec.js'

/** Colours of a page: of its text and surfaces, and of series by their tone. */
export type Palette = Readonly<Record<'text' | 'muted' | 'page' | 'card' | 'line' | 'link' | 'notice' | 'noticeText' | Tone, string>>

/** On white. Text has a contrast of at least 4.5 on what it stands on, series at least 3 on a card; a test holds it. */
export const LIGHT: Palette = {
  text: '#1b1f24', muted: '#57606a', page: '#f6f8fa', card: '#ffffff', line: '#d0d7de', link: '#0a58a8', notice: '#fff3cd', noticeText: '#5c3b00',
  first: '#0a58a8', second: '#c2570c', third: '#18794e', fourth: '#8250b5', drop: '#7a828b', reject: '#b42318'
}

/** On black. */
export const DARK: Palette = {
  text: '#e6edf3', muted: '#9aa5b1', page: '#0d1117', card: '#161b22', line: '#3a424c', link: '#7cb8ff', notice: '#3d2f00', noticeText: '#ffdf8a',
  first: '#5aa9f8', second: '#f0a13c', third: '#4fc38a', fourth: '#bf9bf2', drop: '#8b949e', reject: '#ff7b72'
}

/** A palette as CSS variables: `--text`, `--series-first` … */
export function variablesOf (palette: Palette): string {
  return Object.entries(palette).map(([name, color]) => `--${name}:${color}`).join(';')
}
