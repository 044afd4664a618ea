/** Charts, their legends and what exports them. */
export const charts = `
svg.chart{display:block;width:100%;height:auto;font:11px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;overflow:visible}
svg.chart text{white-space:pre}
.exports{display:flex;gap:.5rem;margin:.5rem 0 0}
.exports button{font:inherit;font-size:.78rem;color:var(--accent);background:none;border:1px solid var(--rule);border-radius:4px;padding:0 .5rem;cursor:pointer}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.4rem;margin:0 0 .9rem;padding:0;font-size:.85rem}
.legend li{display:flex;align-items:center;gap:.4rem}
svg.key{width:26px;height:12px;flex:none;vertical-align:-1px}
.scale{display:flex;align-items:center;gap:.5rem;font-size:.8rem;color:var(--quiet)}
.strip{display:flex}
.strip i{width:22px;height:12px}`;
