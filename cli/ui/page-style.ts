/** Light and dark, from a phone's width up; colours that stay apart for colour-blind eyes, with words beside them. */
export const uiStyle = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--quiet:#5d6670;--rule:#d9dee3;--soft:#f5f7f8;--track:#e4e8ec;--accent:#0067a5;--done:#0b7a5a;--cached:#6fb3d6;--failed:#b3261e;--blocked:#c77700;--running:#0067a5}
@media (prefers-color-scheme:dark){:root{--paper:#14171a;--ink:#e8eaed;--quiet:#9aa4ae;--rule:#343a41;--soft:#1c2024;--track:#2b3138;--accent:#56b4e9;--done:#2fc49a;--cached:#3f7ea3;--failed:#f2776b;--blocked:#e6a93a;--running:#56b4e9}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums}
.page{max-width:1160px;margin:0 auto;padding:2.2rem 1.5rem 4rem}
[hidden]{display:none!important}
h1{font-size:1.9rem;line-height:1.15;letter-spacing:-.015em;margin:.1rem 0 .5rem;overflow-wrap:anywhere}
h2{font-size:1.1rem;line-height:1.25;margin:0 0 .5rem}
h2 a,.note{font-size:.85rem;font-weight:400;margin-left:.6rem}
.note,.about,.counts{color:var(--quiet)}
p{margin:0 0 .6rem}
a{color:var(--accent)}
.brand{font-size:.78rem;letter-spacing:.08em;text-transform:uppercase;color:var(--accent);font-weight:600;margin:0}
.pill{display:inline-block;padding:.05rem .6rem;border-radius:1rem;border:1px solid currentColor;font-weight:600;font-size:.85rem}
.pill.running{color:var(--running)}.pill.done{color:var(--done)}.pill.failed,.pill.machine,.pill.killed{color:var(--failed)}.pill.interrupted,.pill.unknown{color:var(--blocked)}
.bar{display:flex;height:.7rem;border-radius:.35rem;overflow:hidden;background:var(--track);margin:.9rem 0 .35rem}
.bar i{display:block;min-width:0}
.bar.small{height:.45rem;margin:0;min-width:6rem}
.cached{background:var(--cached)}.done-part{background:var(--done)}.failed-part{background:var(--failed)}.blocked-part{background:var(--blocked)}
.running-part{background:repeating-linear-gradient(-45deg,var(--running) 0 4px,transparent 4px 8px)}
.counts{font-size:.9rem}
.lost{color:var(--failed);font-weight:600}
main{display:grid;gap:2rem;margin-top:1.4rem}
main>*{min-width:0}
.columns{display:grid;gap:2rem 3rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));align-items:start}
.columns>*{min-width:0}
ul,ol{list-style:none;margin:0;padding:0}
.slots li{padding:.55rem 0;border-top:1px solid var(--rule)}
.slots .slot{font-size:.8rem;color:var(--quiet)}
.slots .task,.failures .task{font:.85rem/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.slots .detail{font-size:.85rem;color:var(--quiet);display:flex;justify-content:space-between;gap:1rem}
.slots .since{white-space:nowrap}
.slots .bar{margin:.3rem 0;background:var(--track)}
.slots .bar i{background:var(--running)}
button{font:inherit;font-size:.85rem;color:var(--accent);background:none;border:1px solid var(--rule);border-radius:.35rem;padding:0 .5rem;cursor:pointer}
.idle{color:var(--quiet)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th{font-weight:500;text-align:left;color:var(--quiet);font-size:.8rem}
tbody th{color:var(--ink);font-size:.9rem;font-weight:400;overflow-wrap:anywhere}
tbody th small{display:block;color:var(--quiet)}
td,th{padding:.3rem .8rem .3rem 0;border-top:1px solid var(--rule);vertical-align:middle}
thead th{border:0}
.number{text-align:right;white-space:nowrap}
.failures li{padding:.6rem .9rem;border-left:4px solid var(--failed);background:var(--soft);margin-bottom:.5rem}
.failures pre{margin:.3rem 0 0;white-space:pre-wrap;overflow-wrap:anywhere;font-size:.8rem;color:var(--quiet)}
.recent{font:.8rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;max-height:22rem;overflow:auto}
.recent li{overflow-wrap:anywhere}
.recent time{color:var(--quiet);margin-right:.8rem}
summary{cursor:pointer;color:var(--accent);width:max-content}
iframe{width:100%;border:1px solid var(--rule);border-radius:.5rem;min-height:30rem;background:var(--paper);display:block}
dialog{width:min(60rem,94vw);height:80vh;border:1px solid var(--rule);border-radius:.6rem;background:var(--paper);color:var(--ink);padding:1rem}
dialog form{display:flex;justify-content:space-between;gap:1rem}
dialog pre{height:calc(100% - 3rem);overflow:auto;margin:0;font-size:.8rem;white-space:pre-wrap;overflow-wrap:anywhere}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
`;
