/** The first picture: a column a model, a row a question. */
export const pictureStyle = `
#glance h2{font-size:1.15rem;margin:0}
.picture{margin:0}
.picture-title{margin:0;font-size:.85rem;color:var(--quiet)}
.picture-title b{color:var(--ink)}
.picture figcaption{margin-top:.2rem;max-width:none}
.picture .legend{margin:.2rem 0 0;font-size:.8rem;gap:.1rem .95rem}
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,15.6rem),1fr));gap:.8rem 1.2rem}
.columns.alone{grid-template-columns:1fr}
.columns.alone .rows{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:.5rem 1.2rem}
.columns.alone.of-3 .rows{grid-template-columns:repeat(auto-fit,minmax(min(100%,300px),1fr))}
.columns>section,.cell{min-width:0}
.picture h3{margin:.3rem 0 0}
.picture h4{display:flex;justify-content:space-between;gap:.6rem;margin:0;padding-right:12px;line-height:1.25;font-weight:600;color:var(--ink);white-space:nowrap}
.picture h4 span{color:var(--quiet);font-weight:400;overflow:hidden;text-overflow:ellipsis}
.cell{container-type:inline-size}
.picture h4 i{font-style:normal}
@container (max-width:18.75em){.picture h4 .long{display:none}}`;
