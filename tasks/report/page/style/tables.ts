/** Tables: of numbers, of answers, of gains. */
export const tables = `
.scroll{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;font-size:.85rem}
caption{text-align:left;color:var(--quiet);padding:.6rem 0 .3rem}
th{font-weight:500;text-align:left}
thead th{color:var(--quiet);font-size:.78rem;vertical-align:bottom}
.figures td,.figures th{padding:.18rem .8rem .18rem 0;text-align:right;border-bottom:1px solid var(--grid);white-space:nowrap}
.figures th:first-child,.figures td.text,.figures th.text{text-align:left}
.figures thead th{border-bottom:1px solid var(--rule);white-space:normal}
.answers{list-style:none;margin:.2rem 0 .5rem;padding:0;font-size:.93rem;line-height:1.4}
.answers li{margin:.2rem 0;padding-left:2.1rem;text-indent:-2.1rem}
#glance .caveat{margin:-.2rem 0 .5rem;max-width:none;font-size:.85rem;color:var(--quiet)}
.answers.many{font-size:.82rem}
.answers svg.key{margin-right:.35rem}
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
