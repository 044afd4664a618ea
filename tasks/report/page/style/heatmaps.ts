/** The figure of heatmaps: the grid, and what a slider shows large. */
export const heatmapFigure = `
.heatmap-table{border-collapse:separate;border-spacing:3px;--side:clamp(64px,calc(800px / var(--columns)),132px)}
.heatmap-table thead th{text-align:center}
.heatmap-table tbody th{width:5.4rem;max-width:5.4rem;padding-right:.4rem;font-size:.8rem}
.heatmap-table td{padding:0;text-align:center;vertical-align:top}
.heatmap-table td.input{padding-right:1rem}
.heatmap-table img,.heatmap-table .mask{display:block;width:var(--side);height:var(--side);object-fit:contain;border-radius:2px}
.heatmap-table td.input .mask{margin-top:3px}
img.pixels{image-rendering:pixelated}
.seen{display:block;position:relative}
.outline{display:none;position:absolute;inset:0;width:100%;height:100%;overflow:hidden;pointer-events:none}
figure:has(#heatmap-outline:checked) .outline{display:block}
.definitions{position:absolute}
.edge,.line{fill:none;stroke-linejoin:round}
.edge{stroke:#000;stroke-width:3px}
.line{stroke:#fff;stroke-width:1.25px}
.score{display:block;font-size:.74rem;color:var(--quiet);line-height:1.35}
.score b{color:var(--ink)}
.score.other{font-style:italic;line-height:1.1;max-width:var(--side);overflow:hidden;text-overflow:ellipsis}
.image-block{margin-top:1rem}
.image-block h3 .quiet{font-weight:400;margin-left:.6rem}
.heatmap-controls{display:flex;flex-wrap:wrap;align-items:center;gap:.5rem 1.6rem;font-size:.85rem}
.heat-scale{margin-top:.6rem;white-space:nowrap}
.heat-scale svg{flex:0 1 120px;min-width:40px;height:12px;border-radius:2px}
.mask{outline:1px solid var(--rule);outline-offset:-1px}
.slide{display:flex;align-items:center;gap:.6rem}
.slide[hidden],.explorer[hidden],.seen img[hidden]{display:none}
.slide input{width:min(18rem,40vw);accent-color:var(--accent)}
.slide output{min-width:4.5rem;font-weight:600;font-size:1rem}
.outline-choice{display:flex;align-items:center;gap:.35rem}
.outline-choice input{accent-color:var(--accent)}
.model-view h4{margin:.7rem 0 .25rem}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(150px,30%),1fr));gap:.5rem;max-width:1010px}
.tile img,.tile .mask{display:block;width:100%;aspect-ratio:1;object-fit:contain;border-radius:3px}
.tile p{margin:.2rem 0 0;font-size:.8rem;line-height:1.3}
.tile.missing .seen{aspect-ratio:1;border:1px dashed var(--faint);border-radius:3px}
.tile .taken{font-style:italic}
.rest{margin:1.2rem 0 0;padding-top:.6rem;border-top:1px solid var(--rule)}
.tile.pointed .seen{outline:2px solid var(--accent);outline-offset:2px}
.chooser{display:flex;flex-wrap:wrap;gap:.5rem}
.chooser[hidden]{display:none}
.chooser button{display:flex;align-items:center;gap:.5rem;font:inherit;font-size:.82rem;color:inherit;background:var(--soft);border:1px solid var(--rule);border-radius:6px;padding:.25rem .7rem .25rem .25rem;cursor:pointer}
.chooser button[aria-pressed=true]{border-color:var(--accent);box-shadow:inset 0 0 0 1px var(--accent)}
.chooser img{width:30px;height:30px;object-fit:cover;border-radius:4px}
@media screen{.folded{display:none}.heatmap-table thead th.at{color:var(--ink);font-weight:700;box-shadow:inset 0 -2px var(--accent)}.heatmap-controls{position:sticky;top:0;z-index:2;background:var(--paper);padding:.5rem 0;border-bottom:1px solid var(--rule)}}
@media print{.slide,.outline-choice,.explorer{display:none!important}}`;
