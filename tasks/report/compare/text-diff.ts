import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { plural } from '../page/numbers.ts';
import { hunksOf } from './line-diff.ts';
import type { DiffLine } from './line-diff.ts';
import type { ChangedText } from './study-changes.ts';

/** Lines shown about what changed. */
const context = 2;
/** Texts in which more lines changed are folded. */
const mostLines = 60;

/** A file of the study in both runs: what was taken out, what was put in, and a few lines about them. */
export function textDiff({ file, lines }: ChangedText): Html {
  const count = (kind: DiffLine['kind']): number => lines.filter((line) => line.kind === kind).length;
  const changed = count('removed') + count('added');
  const heading = html`<h3>
    <code>${file}</code>
    <small>${plural(count('removed'), 'line')} taken out, ${count('added')} put in</small>
  </h3>`;
  if (changed <= mostLines) return html`${heading}${hunksTable(lines)}`;
  return html`${heading}
    <details>
      <summary>Show them</summary>
      ${hunksTable(lines)}
    </details>`;
}

function hunksTable(lines: readonly DiffLine[]): Html {
  return html`<table class="text-diff">
    <thead>
      <tr>
        <th scope="col"><span class="unseen">Line in the </span>first</th>
        <th scope="col"><span class="unseen">Line in the </span>second</th>
        <th scope="col"><span class="unseen">Change</span></th>
        <th scope="col"><span class="unseen">Text</span></th>
      </tr>
    </thead>
    ${hunksOf(lines, context).map(
      (hunk) =>
        html`<tbody>
          ${withPartners(hunk).map(({ line, partner }) => row(line, partner))}
        </tbody>`,
    )}
  </table>`;
}

interface PartneredLine {
  readonly line: DiffLine;
  /** Of a line that was put in the place of another: that other. */
  readonly partner: DiffLine | undefined;
}

/** Where as many lines were put in as were taken out before them, each stands for one. */
function withPartners(hunk: readonly DiffLine[]): readonly PartneredLine[] {
  const partners = new Map<DiffLine, DiffLine>();
  for (let start = 0; start < hunk.length;) {
    const runOf = (kind: DiffLine['kind'], from: number): readonly DiffLine[] => {
      const end = hunk.findIndex((line, i) => i >= from && line.kind !== kind);
      return hunk.slice(from, end === -1 ? hunk.length : end);
    };
    const removed = runOf('removed', start);
    const added = runOf('added', start + removed.length);
    if (removed.length === added.length)
      removed.forEach((line, i) => partners.set(line, added[i]!).set(added[i]!, line));
    start += Math.max(1, removed.length + added.length);
  }
  return hunk.map((line) => ({ line, partner: partners.get(line) }));
}

const signs: { readonly [kind in DiffLine['kind']]: string } = { same: '', removed: '\u2212', added: '+' };

function row(line: DiffLine, partner: DiffLine | undefined): Html {
  return html`<tr class="${line.kind}">
    <td class="place">${line.before}</td>
    <td class="place">${line.after}</td>
    <td class="sign">${signs[line.kind]}</td>
    <td><code>${partner === undefined ? yaml(line.text) : marked(line, partner)}</code></td>
  </tr>`;
}

/** The part that is not in its partner stands out. */
function marked({ kind, text }: DiffLine, { text: other }: DiffLine): Html {
  let head = 0;
  const least = Math.min(text.length, other.length);
  while (head < least && text[head] === other[head]) head += 1;
  let tail = 0;
  while (tail < least - head && text.at(-1 - tail) === other.at(-1 - tail)) tail += 1;
  // Whole words: 12 in place of 18 is no 2 in place of an 8.
  while (head > 0 && /\w/.test(text[head - 1]!)) head -= 1;
  while (tail > 0 && /\w/.test(text.at(-tail)!)) tail -= 1;
  const [start, middle, end] = [
    text.slice(0, head),
    text.slice(head, text.length - tail),
    text.slice(text.length - tail),
  ];
  if (middle === '') return html`${text}`;
  const change = kind === 'removed' ? html`<del>${middle}</del>` : html`<ins>${middle}</ins>`;
  return html`${start}${change}${end}`;
}

/** Keys and comments are told apart from values. */
function yaml(text: string): Html {
  const [, start = '', rest = ''] = /^([^#"']*?)((?:^|\s)#.*)?$/.exec(text) ?? [undefined, text];
  const comment = rest === '' ? undefined : html`<span class="comment">${rest}</span>`;
  const key = /^(\s*(?:- )?)([\w.-]+)(:(?:\s.*)?)$/s.exec(start);
  if (key === null) return html`${start}${comment}`;
  return html`${key[1]}<b>${key[2]}</b>${key[3]}${comment}`;
}
