import { palette } from '../charts/palette.ts';

/** The style sheet of the page: light and dark on screen, light in print. */
export function styleSheet(): string {
  return [
    `:root{color-scheme:light dark;${colours('light')}}`,
    `@media screen and (prefers-color-scheme:dark){:root{${colours('dark')}}}`,
    typography,
    layout,
    tables,
    charts,
    heatmapFigure,
    narrow,
    print,
  ].join('\n');
}

function colours(scheme: 'light' | 'dark'): string {
  const base =
    scheme === 'light'
      ? '--paper:#fff;--ink:#1b1f24;--quiet:#5d6670;--faint:#a9b1ba;--rule:#d9dee3;--grid:#e9ecef;--soft:#f5f7f8;--accent:#0067a5;'
      : '--paper:#14171a;--ink:#e8eaed;--quiet:#9aa4ae;--faint:#66707a;--rule:#343a41;--grid:#262b30;--soft:#1c2024;--accent:#56b4e9;';
  const lines = palette.map((colour, i) => `--line-${i}:${colour[scheme]};`).join('');
  return (
    base + lines + ramp('heat', heat[scheme]) + ramp('up', up[scheme], 1) + ramp('down', down[scheme], 1)
  );
}

/** What the custom properties are on light paper, by name. */
export function lightColours(): { readonly [name: string]: string } {
  return Object.fromEntries(
    [...colours('light').matchAll(/--([\w-]+):([^;]+);/g)].map(([, name, value]) => [name, value]),
  ) as { readonly [name: string]: string };
}

function ramp(name: string, steps: readonly string[], from = 0): string {
  return steps.map((colour, i) => `--${name}-${i + from}:${colour};`).join('');
}

/** One hue from paper to ink: how much. */
const heat = {
  light: ['#f3f7fa', '#deebf3', '#c2dcea', '#9ecae0', '#74b3d3', '#4a99c4', '#277db0', '#0f6097', '#084475'],
  dark: ['#1b2126', '#1d2e39', '#1f3d4d', '#205064', '#22657f', '#2b7f9e', '#45a0bf', '#78c1da', '#b5e2f0'],
};
/** Two hues that stay apart for colour-blind eyes: better and worse than dense. */
const up = {
  light: ['#e3eff7', '#bfdcee', '#8fc1e0', '#5aa2cf'],
  dark: ['#16293a', '#173d58', '#17557b', '#17628b'],
};
const down = {
  light: ['#fef6ee', '#fdecdc', '#fae0c8', '#f7d3b1'],
  dark: ['#231d18', '#30251b', '#3e2d1e', '#4d3621'],
};

const typography = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums}
h1{font-size:2.1rem;line-height:1.15;letter-spacing:-.015em;margin:.1rem 0 .6rem;text-wrap:balance;overflow-wrap:anywhere}
h2{font-size:1.4rem;line-height:1.25;letter-spacing:-.01em;margin:0 0 .4rem}
h3{font-size:.95rem;line-height:1.3;margin:0 0 .2rem}
h4{font-size:.8rem;line-height:1.3;font-weight:500;color:var(--quiet);margin:.5rem 0 0}
p{margin:0 0 .8rem}
a{color:var(--accent);text-decoration:none}
a:hover{text-decoration:underline}
code{font:.85em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
small,.quiet{color:var(--quiet)}
.lead,.description{max-width:70ch}
.description{font-size:1.1rem;color:var(--quiet)}
.brand{font-size:.78rem;letter-spacing:.08em;text-transform:uppercase;color:var(--accent);font-weight:600;margin:0}
main{counter-reset:figure}
figcaption{counter-increment:figure;font-size:.85rem;color:var(--quiet);max-width:88ch;margin-top:.6rem}
figcaption::before{content:"Figure " counter(figure) ". ";font-weight:600;color:var(--ink)}`;

const layout = `
.page{max-width:1160px;margin:0 auto;padding:2.6rem 1.5rem 4rem}
.facts{display:flex;flex-wrap:wrap;gap:1rem 2.6rem;margin:1.4rem 0 0}
.facts dt{font-size:.78rem;color:var(--quiet)}
.facts dd{margin:0;font-size:1.35rem;font-weight:600;letter-spacing:-.01em;line-height:1.3}
.facts small{display:block;font-size:.78rem;font-weight:400;letter-spacing:0;max-width:24ch}
.so-far{margin:1.6rem 0 0;padding:.8rem 1.1rem;border:1px dashed var(--faint);border-radius:6px;font-size:.92rem}
.so-far p{margin:0;max-width:88ch}
.so-far ul{list-style:none;display:flex;flex-wrap:wrap;gap:.15rem 1.4rem;margin:.4rem 0 0;padding:0}
.so-far small{color:var(--quiet)}
nav{border-block:1px solid var(--rule);margin:1.8rem 0 0;padding:.55rem 0}
nav ol{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.4rem;margin:0;padding:0;font-size:.88rem}
main>section{padding-top:2.6rem;scroll-margin-top:0}
figure{margin:1rem 0 0}
.panels{display:grid;gap:1.3rem 1.6rem}
.panels.wide{grid-template-columns:repeat(auto-fill,minmax(300px,1fr))}
.panels.one{max-width:820px}
.panels.two{grid-template-columns:repeat(auto-fill,minmax(min(100%,440px),1fr))}
.panels.four{grid-template-columns:repeat(auto-fill,minmax(228px,1fr))}
.panel{min-width:0}
.line-name{margin:1.2rem 0 .6rem;padding-bottom:.2rem;border-bottom:1px solid var(--rule)}
.pools{display:grid;gap:1.6rem 2.4rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,440px),1fr));align-items:start}
.rule{margin-top:1.6rem;padding:1rem 1.2rem;background:var(--soft);border-radius:6px;font-size:.9rem}
.rule ol{margin:.3rem 0 0;padding-left:1.2rem;max-width:92ch}
.rule li{margin:.2rem 0}
.guide{display:grid;grid-template-columns:max-content 1fr;gap:.6rem 1.6rem;max-width:100ch;margin:.6rem 0 0;font-size:.93rem}
.guide dt{font-weight:600}
.guide dd{margin:0}
footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--rule);font-size:.8rem;color:var(--quiet)}
.numbers{margin-top:.8rem;font-size:.85rem}
.numbers summary{cursor:pointer;color:var(--accent);width:max-content}`;

const tables = `
.scroll{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;font-size:.85rem}
caption{text-align:left;color:var(--quiet);padding:.6rem 0 .3rem}
th{font-weight:500;text-align:left}
thead th{color:var(--quiet);font-size:.78rem;vertical-align:bottom}
.figures td,.figures th{padding:.18rem .8rem .18rem 0;text-align:right;border-bottom:1px solid var(--grid);white-space:nowrap}
.figures th:first-child,.figures td.text{text-align:left}
.figures thead th{border-bottom:1px solid var(--rule);white-space:normal}
.answers{list-style:none;margin:.3rem 0 1.2rem;padding:0;max-width:92ch}
.answers li{margin:.35rem 0;padding-left:2.2rem;text-indent:-2.2rem}
.answers svg.key{margin-right:.35rem}
.glance{width:100%;min-width:880px}
.glance td:last-child{min-width:11rem}
.glance td,.glance th{padding:.25rem .9rem .25rem 0;vertical-align:middle}
.glance thead th{border-bottom:1px solid var(--rule);vertical-align:bottom}
.glance tbody{border-bottom:1px solid var(--grid)}
.glance tbody th{font-weight:600;white-space:nowrap}
.glance .model,.glance .number{white-space:nowrap}
.glance .strip-head,.glance .strip-cell{width:44%}
.gains{width:min(100%,calc(15rem + var(--columns)*4.6rem));font-size:.74rem;border-collapse:separate;border-spacing:1px}
.gains caption{font-size:.95rem;font-weight:600;color:var(--ink)}
.gains th{padding:.12rem .5rem .12rem 0;white-space:nowrap;font-size:.78rem}
.gains thead th{text-align:center;padding-right:0}
.gains thead th:first-child{text-align:left}
.gains .group th{color:var(--quiet);padding-top:.55rem;font-size:.74rem}
.gains td{text-align:center;padding:.16rem .1rem;min-width:2.35rem}
.gains.many{font-size:.68rem}
.gains.many td{min-width:1.78rem}
.gains tbody th[scope=row]{position:sticky;left:0;background:var(--paper)}
.up-1{background:var(--up-1)}.up-2{background:var(--up-2)}.up-3{background:var(--up-3)}.up-4{background:var(--up-4)}
.down-1{background:var(--down-1)}.down-2{background:var(--down-2)}.down-3{background:var(--down-3)}.down-4{background:var(--down-4)}
.gains .sweet,.sweet-key{font-weight:700;box-shadow:inset 0 0 0 1.25px var(--ink);border-radius:2px}
.gains .doubted{box-shadow:none;outline:1.25px dashed var(--ink);outline-offset:-1.25px}
.sweet-key{padding:0 .3em;color:var(--ink)}`;

const charts = `
svg.chart{display:block;width:100%;height:auto;font:11px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;overflow:visible}
svg.chart text{white-space:pre}
.exports{display:flex;gap:.5rem;margin:.5rem 0 0}
.exports button{font:inherit;font-size:.78rem;color:var(--accent);background:none;border:1px solid var(--rule);border-radius:4px;padding:0 .5rem;cursor:pointer}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.4rem;margin:0 0 .9rem;padding:0;font-size:.85rem}
.legend li{display:flex;align-items:center;gap:.4rem}
svg.key{width:26px;height:12px;flex:none;vertical-align:-1px}
.scale{display:flex;align-items:center;gap:.5rem;font-size:.8rem;color:var(--quiet)}
.strip{display:flex}
.strip i{width:22px;height:12px}`;

const heatmapFigure = `
.heatmap-table{border-collapse:separate;border-spacing:3px;--side:clamp(64px,calc(800px / var(--columns)),132px)}
.heatmap-table thead th{text-align:center}
.heatmap-table tbody th{width:5.4rem;max-width:5.4rem;padding-right:.4rem;font-size:.8rem}
.heatmap-table td{padding:0;text-align:center;vertical-align:top}
.heatmap-table td.input{padding-right:1rem}
.heatmap-table img{display:block;width:var(--side);height:var(--side);object-fit:contain;border-radius:2px}
img.pixels{image-rendering:pixelated}
.score{display:block;font-size:.74rem;color:var(--quiet);line-height:1.35}
.score b{color:var(--ink)}
.score.other{font-style:italic;line-height:1.1;max-width:var(--side);overflow:hidden;text-overflow:ellipsis}
.image-block{margin-top:1rem}
.image-block h3 .quiet{font-weight:400;margin-left:.6rem}
.chooser{display:flex;flex-wrap:wrap;gap:.5rem}
.chooser[hidden]{display:none}
.chooser button{display:flex;align-items:center;gap:.5rem;font:inherit;font-size:.82rem;color:inherit;background:var(--soft);border:1px solid var(--rule);border-radius:6px;padding:.25rem .7rem .25rem .25rem;cursor:pointer}
.chooser button[aria-pressed=true]{border-color:var(--accent);box-shadow:inset 0 0 0 1px var(--accent)}
.chooser img{width:30px;height:30px;object-fit:cover;border-radius:4px}
@media screen{.folded{display:none}}`;

const narrow = `
@media (max-width:640px){
.page{padding:1.4rem 1rem 3rem}
h1{font-size:1.6rem}
.facts{gap:.8rem 1.6rem}
.guide{grid-template-columns:1fr;gap:.1rem}
.guide dd{margin-bottom:.7rem}
.heatmap-table{--side:72px}
.two svg.chart{font-size:15px}
}`;

const print = `
@page{size:A4;margin:14mm 13mm}
@media print{
html{font-size:12.5px}
body{font-size:1rem}
.page{max-width:none;padding:0}
nav,.chooser,.numbers,.exports{display:none}
a{color:inherit}
main>section{padding-top:7mm}
h2,h3,h4,.lead,.legend,.scale,thead,caption{break-after:avoid}
.panel,.heatmap-table,.rule,tr,.gains tbody,.glance tbody,figcaption,.guide dd,.lead,.legend,.pools section{break-inside:avoid}
figcaption{break-before:avoid}
.panels.wide{grid-template-columns:repeat(3,1fr);gap:4mm}
.panels.two{grid-template-columns:repeat(2,1fr);gap:5mm}
.panels.four{grid-template-columns:repeat(3,1fr);gap:3mm 5mm}
.wide svg.chart{font-size:13px}.two svg.chart{font-size:12.5px}.four svg.chart{font-size:12px}.glance svg.chart{font-size:17px}
.pools{grid-template-columns:1fr 1fr;gap:6mm}
.figures td,.figures th{padding-right:.5rem}
.scroll{overflow:visible}
.glance{min-width:0}
.glance .strip-head,.glance .strip-cell{width:38%}
.gains td,.gains.many td{min-width:0;padding:.16rem 0}
.gains,.gains th{font-size:6.2pt}
.gains.many td,.gains.many thead th{font-size:5pt}
.heatmap-table{--side:min(26mm,calc(132mm / var(--columns)))}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}`;
