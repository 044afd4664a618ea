/** Type and the numbering of figures. */
export const typography = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums}
h1{font-size:1.75rem;line-height:1.15;letter-spacing:-.015em;margin:0 0 .25rem;text-wrap:balance;overflow-wrap:anywhere}
h2{font-size:1.4rem;line-height:1.25;letter-spacing:-.01em;margin:0 0 .4rem}
h3{font-size:.95rem;line-height:1.3;margin:0 0 .2rem}
h4{font-size:.8rem;line-height:1.3;font-weight:500;color:var(--quiet);margin:.5rem 0 0}
p{margin:0 0 .8rem}
a{color:var(--accent);text-decoration:none}
a:hover{text-decoration:underline}
code{font:.85em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
small,.quiet{color:var(--quiet)}
.lead{max-width:70ch}
.description{max-width:110ch;margin:0}
.brand{font-size:.78rem;letter-spacing:.08em;text-transform:uppercase;color:var(--accent);font-weight:600;margin:0}
main{counter-reset:figure}
figcaption{counter-increment:figure;font-size:.85rem;color:var(--quiet);max-width:88ch;margin-top:.6rem}
figcaption::before{content:"Figure " counter(figure) ". ";font-weight:600;color:var(--ink)}`;
