/** A tag that opens, and how many others it stands in. */
export interface OpenTag {
  readonly name: string;
  readonly depth: number;
  /** From 1. */
  readonly line: number;
}

export type XmlTags =
  | { readonly kind: 'balanced'; readonly tags: readonly OpenTag[] }
  | { readonly kind: 'unbalanced'; readonly message: string; readonly line: number };

const piece =
  /<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>|<\?[^]*?\?>|<(\/?)([^\s<>/]+)(?:"[^"<]*"|'[^'<]*'|[^'"<>])*>/y;

/**
 * The tags of an XML text in order, or where they stop to match: what a lenient parser would pass over, such as a file that
 * was cut off, and without the places that it does not keep. Attributes are not looked at.
 */
export function xmlTags(xml: string): XmlTags {
  const tags: OpenTag[] = [];
  const open: OpenTag[] = [];
  let line = 1;
  let feed = xml.indexOf('\n');
  for (let at = xml.indexOf('<'); at >= 0; at = xml.indexOf('<', piece.lastIndex)) {
    for (; feed >= 0 && feed < at; feed = xml.indexOf('\n', feed + 1)) line += 1;
    piece.lastIndex = at;
    const found = piece.exec(xml);
    if (found === null) return { kind: 'unbalanced', message: 'a tag that has no end', line };
    const [whole, slash, name] = found;
    if (name === undefined) continue;
    if (slash === '/') {
      const last = open.pop();
      if (last?.name !== name) return { kind: 'unbalanced', message: `</${name}> closes nothing`, line };
      continue;
    }
    const tag = { name, depth: open.length, line };
    tags.push(tag);
    if (!whole.endsWith('/>')) open.push(tag);
  }
  const last = open.at(-1);
  if (last === undefined) return { kind: 'balanced', tags };
  return { kind: 'unbalanced', message: `<${last.name}> is never closed`, line: last.line };
}
