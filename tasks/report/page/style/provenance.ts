/** How results came to be: facts, the graph of tasks, their instances. */
export const provenance = `
.record{margin-bottom:1.6rem}
.record ul{margin:0;padding-left:1.1rem}
.record .param{margin-right:.7em}
.command{background:var(--soft);border-radius:4px;padding:.1rem .4rem}
svg.tasks{display:block;max-width:none;height:auto;font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
.task-node>rect:first-of-type{fill:var(--soft);stroke:var(--rule)}
.task-node text{fill:var(--quiet);font-size:11px}
.task-node .task-name{fill:var(--ink);font-size:12.5px;font-weight:600}
.task-node .todo{fill:var(--rule)}.task-node .reused{fill:var(--faint)}.task-node .fresh{fill:var(--accent)}
.task-node[role=button]{cursor:pointer}
.task-node[role=button]:hover>rect:first-of-type,.task-node[aria-expanded=true]>rect:first-of-type{stroke:var(--accent);stroke-width:1.5}
.task-node:focus{outline:none}
.task-node:focus-visible>rect:first-of-type{stroke:var(--ink);stroke-width:2}
.task-list{display:none}
.task-list,.task-list ul{list-style:none;margin:0;padding:0}
.task-list>li{padding:.1rem 0 .1rem .8rem;border-left:2px solid var(--rule)}
.task-list>li+li{margin-top:.7rem}
.task-list ul>li+li{margin-top:.5rem}
.task-list .task-node{display:grid;grid-template-columns:auto 1fr auto;gap:.1rem .5rem;align-items:baseline;padding:.45rem .6rem;background:var(--soft);border:1px solid var(--rule);border-radius:6px;font-size:.85rem}
.task-list b,.task-list p{overflow-wrap:anywhere}
.task-list small,.task-list p,.task-list .task-count{color:var(--quiet);font-size:.75rem}
.task-list p{margin:.15rem 0 0 .6rem}
.task-list .bar{grid-column:1/-1;position:relative;height:3px;background:var(--rule)}
.task-list i{position:absolute;inset:0 auto 0 0;background:var(--faint)}.task-list .fresh{background:var(--accent)}
.task-list .task-node[aria-expanded=true],.task-list .task-node[role=button]:hover{border-color:var(--accent)}
.task-list .task-node:focus-visible{outline:2px solid var(--ink);outline-offset:1px}
.instances{margin-top:1rem;padding:.8rem 1rem;border:1px solid var(--rule);border-radius:6px}
.instances[hidden]{display:none}
.instances h3{margin:0 0 .5rem}
.instances input{font:inherit;font-size:.85rem;color:inherit;background:var(--paper);border:1px solid var(--quiet);border-radius:4px;padding:.2rem .5rem;width:min(100%,28rem)}
.instances ul{list-style:none;margin:.6rem 0 0;padding:0;max-height:19rem;overflow:auto;font-size:.82rem}
.instances li{display:flex;flex-wrap:wrap;gap:.1rem 1rem;justify-content:space-between;padding:.15rem 0;border-bottom:1px solid var(--grid)}
.instances li a{overflow-wrap:anywhere}
.tasks-table{margin-top:1.2rem}
.source pre{margin:.5rem 0;padding:.8rem 1rem;background:var(--soft);border-radius:6px;font:.78rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;width:max-content;min-width:100%}
@media screen and (max-width:640px){.task-graph .scroll,.task-graph .drawn{display:none}.task-graph .task-list{display:block}}
@media screen and (max-width:900px){.task-graph.large .scroll,.task-graph.large .drawn{display:none}.task-graph.large .task-list{display:block}}`;
