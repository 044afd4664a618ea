/** The page of two runs. */
export const compare = `
dl.facts{gap:.5rem 2.6rem;margin:.7rem 0 0;color:var(--ink)}
dl.facts dt{color:var(--quiet)}
dl.facts dd{margin:0;font-size:.95rem;font-weight:600}
dl.facts small{display:block;font-weight:400}
.beside{margin-top:.7rem;display:grid;grid-template-columns:1fr 1fr;gap:1.2rem 2.6rem}
.beside section{min-width:0}
.beside section:first-child{border-right:1px solid var(--rule);padding-right:2rem}
.beside ul{margin:.5rem 0 0;padding-left:1.1rem}
.beside li{margin:.3rem 0;overflow-wrap:anywhere}
.caution{margin:1.2rem 0 0;max-width:92ch}
#study h3{margin-top:1.4rem}
#study h3 small{font-weight:400;margin-left:.5rem}
.changes td,.changes th{padding:.22rem 1rem .22rem 0;border-bottom:1px solid var(--grid);vertical-align:top;overflow-wrap:anywhere}
.changes th,.changes th code{overflow-wrap:break-word}
.text-diff{width:100%;table-layout:fixed;font-size:.8rem}
.text-diff tbody{border-block:1px solid var(--rule)}
.text-diff td{padding:.04rem .4rem;vertical-align:top}
.text-diff thead th{padding:0 .4rem;text-align:right}
.text-diff thead th:nth-child(-n+2){width:4.2rem}
.text-diff thead th:nth-child(3){width:1.4rem}
.text-diff .place{text-align:right;color:var(--quiet)}
.text-diff .sign{padding:.04rem .2rem}
.text-diff code{display:block;white-space:pre-wrap;overflow-wrap:anywhere;font-size:1em;padding-left:1rem}
.text-diff .removed{background:var(--down-1)}
.text-diff .added{background:var(--up-1)}
.text-diff del{background:var(--down-4)}
.text-diff ins{background:var(--up-3);text-decoration:none}
.text-diff .comment{color:var(--quiet)}
.forest{grid-template-columns:repeat(auto-fill,minmax(min(100%,340px),1fr))}
.forest.lone{max-width:640px;grid-template-columns:1fr}
.forest.lone svg.chart{font-size:9px}
.panel-note{margin:0;font-size:.78rem;color:var(--quiet)}
.panel-note b{color:var(--ink)}
.figures.words td{white-space:normal}
.figures.words thead th{text-align:left}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
@media print{.forest.lone{max-width:115mm}}
@media (max-width:640px){.changes th code{overflow-wrap:anywhere}.forest svg.chart,.forest.lone svg.chart{font-size:12px}.text-diff td{padding:.04rem .15rem}.text-diff thead th{padding:0 .15rem;font-size:.62rem}.text-diff thead th:nth-child(-n+2){width:2.4rem}.beside{grid-template-columns:1fr}.beside section:first-child{border:0;padding:0}}`;
