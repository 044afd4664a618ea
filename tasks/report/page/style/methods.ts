/** Methods as a paper tells them, and their references. */
export const methodsStyle = `
.methods-text{max-width:72ch;hyphens:auto}
.methods-text p{margin:0 0 .7rem}
.references{columns:34rem 2;column-gap:2.5rem;padding-left:0;list-style:none;counter-reset:reference;font-size:.85rem}
.references li{break-inside:avoid;counter-increment:reference;padding-left:2.6em;text-indent:-2.6em;margin-bottom:.25rem;overflow-wrap:anywhere}
.references li::before{content:"[" counter(reference) "]";display:inline-block;width:2.6em;text-indent:0;color:var(--quiet)}
.methods-bar{display:flex;flex-wrap:wrap;gap:.4rem;align-items:center;margin:0 0 1rem;font-size:.85rem;color:var(--quiet)}
.methods-bar button,button.save{font:inherit;font-size:.82rem;color:var(--accent);background:none;border:1px solid var(--rule);border-radius:4px;padding:.2rem .6rem;cursor:pointer}
.methods-bar button:hover,button.save:hover{border-color:var(--accent)}
button.save{margin-top:.5rem}
@media print{.methods-bar,button.save{display:none}.methods-text{max-width:none}.references li,.methods-text p{break-inside:avoid}}`;
