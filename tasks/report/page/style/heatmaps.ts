/** The figure of heatmaps. */
export const heatmapFigure = `
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
