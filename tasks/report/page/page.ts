import { createHash } from 'node:crypto';
import type { Section } from '../figures/figure.ts';
import { escapeText, html } from './html.ts';
import type { Html } from './html.ts';
import { slot } from './slots.ts';
import { script } from './scripts/index.ts';
import { styleSheet } from './style/index.ts';

export interface PageRequest {
  readonly title: string;
  readonly header: Html;
  readonly sections: readonly Section[];
  readonly footer: Html;
  /** For the script. */
  readonly data?: Html;
}

/** The whole document. Everything is inline; a content policy holds it to that. */
export function renderPage({ title, header, sections, footer, data }: PageRequest): string {
  // What stands right below need not be led to.
  const contents = sections.filter(({ id }) => id !== 'glance');
  const body = html`
    <div class="page">
      ${header}
      <nav aria-label="Contents">
        <ol>
          ${contents.map(({ id, title, short = title }) => html`<li><a href="#${id}">${short}</a></li>`)}
          ${slot('provenance-link')}
        </ol>
      </nav>
      <main>
        ${sections.map(
          (section) =>
            html`<section id="${section.id}">
              <h2>${section.title}</h2>
              ${section.body}
            </section>`,
        )}
        ${slot('provenance')}
      </main>
      ${footer}
    </div>
    ${data}${slot('record')}
  `;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${scriptDigest()}'">
<title>${escapeText(title)}</title>
<style>${styleSheet()}</style>
</head>
<body>${withoutIndentation(body)}<script>${script}</script>
</body>
</html>
`;
}

/** Lets this one script run, and no other. */
function scriptDigest(): string {
  return createHash('sha256').update(script).digest('base64');
}

/** Source indentation is a third of such a page; no element of it keeps white space. */
function withoutIndentation({ markup }: Html): string {
  return markup.replace(/\n\s+/g, '\n');
}
