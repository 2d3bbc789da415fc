import { DARK, LIGHT, variablesOf } from './palette.js'

/** The style of a page: one column on a phone, more beside one another where there is room; dark on a dark screen, light on paper. */
export const STYLE = `
:root{color-scheme:light dark;${variablesOf(LIGHT)}}
@media screen and (prefers-color-scheme:dark){:root{${variablesOf(DARK)}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-behavior:smooth}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
header,main,footer{max-width:1240px;margin:0 auto;padding:0 12px}
h1{font-size:1.7rem;line-height:1.2;margin:1.2rem 0 .3rem}
h2{font-size:1.3rem;line-height:1.25;margin:2.2rem 0 .3rem;padding-top:.6rem;border-top:1px solid var(--line)}
h3{font-size:1rem;margin:0 0 .4rem}
p{margin:.3rem 0;max-width:75ch}
p:empty,.facts:empty{display:none}
a{color:var(--link)}
a:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.muted,figcaption p,footer{color:var(--muted);font-size:.875rem}
.notice{background:var(--notice);color:var(--noticeText);border:1px solid;border-left-width:6px;border-radius:4px;padding:.6rem .8rem;margin:.8rem 0;font-weight:600;max-width:none}
nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1rem;list-style:none;margin:.8rem 0 0;padding:0}
nav a{display:inline-block;padding:.35rem 0}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,150px),1fr));gap:10px;margin:1rem 0}
.facts div,figure,.card{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:10px 12px}
.facts dt{color:var(--muted);font-size:.8125rem}
.facts dd{margin:0;font-size:1.3rem;font-weight:600;font-variant-numeric:tabular-nums}
.blocks{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,350px),1fr));gap:12px;grid-auto-flow:dense;align-items:start;margin-top:.8rem}
.card.wide{grid-column:1/-1}
figure{margin:0;min-width:0}
.card{min-width:0}
figure svg{display:block;width:100%;height:auto;max-width:520px;margin:.3rem auto;font:13px/1 system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;color:var(--text);overflow:visible}
.legend{display:flex;flex-wrap:wrap;gap:.1rem .9rem;list-style:none;margin:.3rem 0 0;padding:0;font-size:.8125rem}
.legend i{display:inline-block;width:14px;height:10px;margin-right:.35em;border:2px solid var(--tone);background:var(--tone)}
.legend .outline i{background:none}
.legend .mark i{width:0;height:14px;border-width:0 0 0 2px;border-style:dashed;background:none;vertical-align:-2px}
.scroll{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;font-size:.8125rem;line-height:1.35;min-width:100%}
caption{text-align:left;color:var(--muted);padding:.2rem 0}
th,td{padding:.25rem .5rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;overflow-wrap:anywhere}
thead th{border-bottom:2px solid var(--line);vertical-align:bottom;overflow-wrap:normal}
tbody th{font-weight:400;min-width:7em}
th:first-child{position:sticky;left:0;background:var(--card)}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap;overflow-wrap:normal}
thead .number{white-space:normal}
summary{cursor:pointer;color:var(--link);font-size:.875rem;padding:.35rem 0;margin-top:.3rem}
footer{margin-top:2.5rem;padding-bottom:2rem}
@media (max-width:480px){.facts div,figure,.card{padding:8px}}
@media print{
html{font-size:11px}
body{background:#fff;font-size:12px}
p{break-inside:avoid}
nav{display:none}
header,main,footer{max-width:none;padding:0}
.blocks{display:block}
figure,.card,.facts div{break-inside:avoid;margin-bottom:8px}
.card.wide{break-inside:auto}
h2,h3,section>p{break-after:avoid}
tr{break-inside:avoid}
figure{display:grid;grid-template-columns:minmax(0,6fr) minmax(0,7fr);gap:0 12px;align-items:start}
figcaption,figure .legend{grid-column:1/-1}
figure svg{margin:.3rem 0}
figure th,figure td{padding:.12rem .4rem}
details>summary{display:none}
details::details-content{content-visibility:visible;block-size:auto}
.scroll{overflow:visible}
.notice,.legend i,svg *{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
`.trim()
