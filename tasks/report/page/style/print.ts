/** On paper: A4. */
export const print = `
@page{size:A4;margin:14mm 13mm}
@media print{
html{font-size:12.5px}
body{font-size:1rem}
.page{max-width:none;padding:0}
nav,.chooser,.heatmap-controls,.numbers,.exports,.instances{display:none}
svg.tasks{max-width:100%}
a{color:inherit}
main>section{padding-top:7mm}
h2,h3,h4,.lead,.legend,.scale,thead,caption{break-after:avoid}
.panel,.heatmap-table,.rule,tr,.gains tbody,.cell,.picture,figcaption,.guide dd,.lead,.legend,.pools section{break-inside:avoid}
figcaption,.lead+figure{break-before:avoid}
.panels.wide{grid-template-columns:repeat(3,1fr);gap:4mm}
.panels.two{grid-template-columns:repeat(2,1fr);gap:5mm}
.panels.four{grid-template-columns:repeat(3,1fr);gap:3mm 5mm}
.panels.methods{grid-template-columns:repeat(4,1fr)}.methods svg.chart{font-size:14px}
.panels.six{grid-template-columns:repeat(4,1fr);gap:2mm 4mm}
.wide svg.chart{font-size:13px}.two svg.chart{font-size:12.5px}.four:not(.methods) svg.chart{font-size:12px}
.pools{grid-template-columns:1fr 1fr;gap:6mm}
.figures td,.figures th{padding-right:.5rem}
.scroll{overflow:visible}
.columns{grid-template-columns:repeat(auto-fit,minmax(55mm,1fr))}
.columns.of-4{grid-template-columns:1fr 1fr}
.gains td,.gains.many td{min-width:0;padding:.16rem 0}
.gains,.gains th{font-size:6.2pt}
.gains.many td,.gains.many thead th{font-size:5pt}
.heatmap-table{--side:min(26mm,calc(110mm / var(--columns)))}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}`;
