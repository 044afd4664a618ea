/** Points that open, what they say, and the dialog behind them. */
export const doors = `
svg.chart [data-door]:focus{outline:none}
svg.chart [data-door]:focus-visible,svg.chart .pointed{stroke:var(--ink);stroke-width:4px;paint-order:stroke}
svg.chart rect[data-door]:focus-visible,svg.chart rect.pointed{stroke-width:2px;paint-order:normal}
.gains td button{all:unset;display:block;width:100%;cursor:pointer;text-align:center}
.gains td button:focus-visible{outline:2px solid var(--ink);outline-offset:1px}
.tip{position:fixed;z-index:5;max-width:min(34ch,calc(100vw - 16px));padding:.4rem .6rem;border-radius:5px;background:var(--ink);color:var(--paper);font-size:.78rem;line-height:1.4;white-space:pre-line;pointer-events:none;box-shadow:0 2px 10px #0004}
.tip[hidden]{display:none}
dialog.door{width:min(46rem,calc(100vw - 1.5rem));max-height:min(86vh,54rem);overflow:auto;box-sizing:border-box;padding:1.2rem 1.4rem;border:1px solid var(--rule);border-radius:10px;background:var(--paper);color:var(--ink);box-shadow:0 12px 50px #0006}
dialog.door::backdrop{background:#0007}
.door header{display:flex;justify-content:space-between;align-items:start;gap:1rem}
.door h2{font-size:1.15rem;margin:0;overflow-wrap:anywhere;outline:none}
.door p.quiet{font-size:.85rem;margin:.1rem 0 .5rem}
.door .close{font:1.4rem/1 system-ui,sans-serif;color:inherit;background:none;border:0;border-radius:4px;padding:.1rem .45rem;cursor:pointer}
.door .values{list-style:none;margin:.4rem 0 .9rem;padding:0;font-size:.95rem}
.door details{border-top:1px solid var(--rule);padding:.5rem 0}
.door .member details{margin-left:1rem}
.door summary{cursor:pointer;font-size:.92rem;overflow-wrap:anywhere}
.told{display:grid;grid-template-columns:minmax(6.5rem,max-content) minmax(0,1fr);gap:.3rem 1rem;margin:.7rem 0;font-size:.83rem}
.told dt{color:var(--quiet)}
.told dd{margin:0;overflow-wrap:anywhere}
.told .copied{display:flex;flex-wrap:wrap;gap:.4rem;align-items:center}
.chain{margin:0;padding-left:1.1rem}
.log{margin:0;padding:.5rem .7rem;max-height:12rem;overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere;background:var(--soft);border-radius:5px;font:.92em/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
button.copy{font:inherit;font-size:.78rem;color:var(--accent);background:none;border:1px solid var(--rule);border-radius:4px;padding:0 .5rem;cursor:pointer}
.door .cite{margin:.6rem 0 0;font-size:.8rem}
@media (max-width:640px){.told{grid-template-columns:1fr;gap:.05rem}.told dd{margin-bottom:.4rem}dialog.door{padding:.9rem 1rem}}
@media print{dialog.door,.tip,button.copy{display:none}}`;
