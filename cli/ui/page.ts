import { createHash } from 'node:crypto';
import { uiScript } from './page-script.ts';
import { uiStyle } from './page-style.ts';

/** The page and the policy that holds it to what it brings itself. What changes comes by the script. */
export function uiPage(): { readonly text: string; readonly policy: string } {
  const digest = createHash('sha256').update(uiScript).digest('base64');
  const policy = [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    `script-src 'sha256-${digest}'`,
    "connect-src 'self'",
    "frame-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
  return { text: page, policy };
}

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>sweetspot</title>
<style>${uiStyle}</style>
</head>
<body>
<div class="page">
<header>
<p class="brand">sweetspot</p>
<h1 id="study">Looking for a run</h1>
<p class="about"><span id="state" class="pill" hidden></span> <span id="about"></span></p>
<div id="bar" class="bar" role="img" aria-label="Progress" hidden></div>
<p id="counts" class="counts" aria-live="polite"></p>
<p id="lost" class="lost" role="status" hidden>The page has lost its server; it tries again by itself.</p>
</header>
<main id="main" hidden>
<section id="failures-section" hidden><h2>Failed</h2><ul id="failures" class="failures"></ul></section>
<div class="columns">
<section><h2>Running now</h2><ul id="slots" class="slots"></ul></section>
<section><h2>Tasks</h2><div class="scroll"><table><thead><tr><th scope="col">Task</th><th scope="col">Progress</th><th scope="col" class="number">Done</th></tr></thead><tbody id="names"></tbody></table></div></section>
</div>
<details id="recent-section"><summary>What happened last</summary><ol id="recent" class="recent"></ol></details>
<section id="report-section" hidden><h2>Report <span id="report-note" class="note"></span> <a id="report-link" href="/report" hidden target="_blank" rel="noopener">by itself</a></h2><div id="report"></div></section>
</main>
</div>
<dialog id="log" aria-labelledby="log-title"><form method="dialog"><h2 id="log-title"></h2><button>Close</button></form><pre id="log-text" tabindex="0"></pre></dialog>
<script>${uiScript}</script>
</body>
</html>
`;
