/** What a pattern reads off a path: `{model}/seed{seed}/round{round}.pth`. */
export interface Pattern {
  readonly fields: readonly string[];
  /** What each field is in a path; undefined where the path is another. */
  match(path: string): ReadonlyMap<string, string> | undefined;
}

export type ParsedPattern =
  | { readonly kind: 'pattern'; readonly pattern: Pattern }
  | { readonly kind: 'invalid'; readonly message: string };

/** Names that mean something else in a study, or in what `adopt` writes. */
const taken: ReadonlySet<string> = new Set([
  ...['params', 'data', 'matrix', 'member', 'previous', 'all'],
  ...['file', 'checkpoint', 'pool', 'index', 'classes', 'architecture', 'stated_sparsity'],
]);

/**
 * A field is any text without a slash, as short as the rest allows; one that stands twice is the same text in both places. `*` is
 * any text without a slash, of no further interest.
 */
export function parsePattern(text: string): ParsedPattern {
  const invalid = (message: string): ParsedPattern => ({ kind: 'invalid', message });
  const fields: string[] = [];
  let source = '';
  let isAfterField = false;
  for (const part of text.split(/(\{[^{}]*\}|\*)/)) {
    if (part === '') continue;
    const field = /^\{(.*)\}$/.exec(part)?.[1];
    if (field === undefined && part !== '*') {
      if (/[{}]/.test(part)) return invalid(`a brace in '${part}' has no partner`);
      source += part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
      isAfterField = false;
      continue;
    }
    if (isAfterField)
      return invalid('between two fields there has to be some text, or nobody knows where one ends');
    isAfterField = true;
    if (field === undefined) source += '[^/]*?';
    else if (fields.includes(field)) source += String.raw`\k<${field}>`;
    else {
      if (!/^[a-z][a-z0-9_]{0,39}$/.test(field))
        return invalid(`'{${field}}': a field is named with small letters, digits and _, e.g. {seed}`);
      if (taken.has(field)) return invalid(`'{${field}}' means something else in a study: name it otherwise`);
      fields.push(field);
      source += `(?<${field}>[^/]+?)`;
    }
  }
  if (fields.length === 0) return invalid('it names no field, e.g. seed{seed}/round{round}.pth');
  const expression = new RegExp(`^${source}$`);
  return {
    kind: 'pattern',
    pattern: {
      fields,
      match(path) {
        const groups = expression.exec(path)?.groups;
        return groups === undefined ? undefined : new Map(fields.map((name) => [name, groups[name] ?? '']));
      },
    },
  };
}
