import { isReservedName } from './expression.ts';
import type { Findings } from './findings.ts';
import type { LocatedMap } from './located.ts';

/** As long as a file's name may be. */
const longestName = 255;
const namePattern = /^[a-z][a-z0-9_]*$/;

/** Names are words of the expression language, and none that it knows already. */
export function checkNames(
  names: Iterable<string>,
  node: LocatedMap | undefined,
  what: string,
  findings: Findings,
): void {
  for (const name of names) {
    const span = node?.entries.get(name)?.key;
    if (name.startsWith('x-') || span === undefined) continue;
    if (name.length > longestName) {
      findings.report({
        code: 'bad-name',
        span,
        message: `the name of ${article(what)} has at most ${longestName} characters, and this one has ${name.length}`,
      });
    } else if (!namePattern.test(name)) {
      findings.report({
        code: 'bad-name',
        span,
        message: `'${name}' cannot be the name of ${article(what)}`,
        hint: 'small letters, digits and _, beginning with a letter',
      });
    } else if (isReservedName(name)) {
      findings.report({
        code: 'bad-name',
        span,
        message: `'${name}' cannot be the name of ${article(what)}: it has a meaning in expressions`,
        hint: `for example '${name}_1'`,
      });
    }
  }
}

function article(word: string): string {
  return /^[aeiou]/.test(word) ? `an ${word}` : `a ${word}`;
}
