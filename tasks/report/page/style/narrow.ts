/** Small windows. */
export const narrow = `
@media (max-width:640px){
.page{padding:1.4rem 1rem 3rem}
h1{font-size:1.45rem}
nav ol{flex-wrap:nowrap;overflow-x:auto;white-space:nowrap}
.guide{grid-template-columns:1fr;gap:.1rem}
.guide dd{margin-bottom:.7rem}
.heatmap-table{--side:72px}
.two svg.chart{font-size:15px}
.two .scroll svg.chart{min-width:480px;font-size:11px}
.panels.four{grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:1rem .8rem}
.four svg.chart{font-size:14px}
}`;
