/** How the parts of the page stand to each other. */
export const layout = `
.page{max-width:1160px;margin:0 auto;padding:1.2rem 1.5rem 4rem}
.facts{list-style:none;display:flex;flex-wrap:wrap;gap:.1rem 1.2rem;margin:.3rem 0 0;padding:0;font-size:.85rem;color:var(--quiet)}
.so-far{margin:1.6rem 0 0;padding:.8rem 1.1rem;border:1px dashed var(--faint);border-radius:6px;font-size:.92rem}
.so-far p{margin:0;max-width:88ch}
.so-far ul{list-style:none;display:flex;flex-wrap:wrap;gap:.15rem 1.4rem;margin:.4rem 0 0;padding:0}
.so-far small{color:var(--quiet)}
nav{border-block:1px solid var(--rule);margin:.7rem 0 0;padding:.3rem 0}
nav ol{list-style:none;display:flex;flex-wrap:wrap;gap:.1rem 1rem;margin:0;padding:0;font-size:.82rem}
main>section{padding-top:2.6rem;scroll-margin-top:0}
main>section:first-child{padding-top:.8rem}
figure{margin:1rem 0 0}
.panels{display:grid;gap:1.3rem 1.6rem}
.panels.wide{grid-template-columns:repeat(auto-fill,minmax(300px,1fr))}
.panels.one{max-width:820px}
.panels.two{grid-template-columns:repeat(auto-fill,minmax(min(100%,440px),1fr))}
.panels.four{grid-template-columns:repeat(auto-fill,minmax(228px,1fr))}
.panels.six{grid-template-columns:repeat(auto-fill,minmax(162px,1fr));gap:.5rem 1rem}
.panel{min-width:0}
.line-name{margin:1.2rem 0 .6rem;padding-bottom:.2rem;border-bottom:1px solid var(--rule)}
.pools{display:grid;gap:1.6rem 2.4rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,440px),1fr));align-items:start}
.rule{margin-top:1.6rem;padding:1rem 1.2rem;background:var(--soft);border-radius:6px;font-size:.9rem}
.rule ol{margin:.3rem 0 0;padding-left:1.2rem;max-width:92ch}
.rule li{margin:.2rem 0}
.guide{display:grid;grid-template-columns:max-content 1fr;gap:.6rem 1.6rem;max-width:100ch;margin:.6rem 0 0;font-size:.93rem}
.guide dt{font-weight:600}
.guide dd{margin:0}
footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--rule);font-size:.8rem;color:var(--quiet)}
.numbers{margin-top:.8rem;font-size:.85rem}
.numbers summary{cursor:pointer;color:var(--accent);width:max-content}`;
