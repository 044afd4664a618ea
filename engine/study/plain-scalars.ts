import { isWellFormed } from './value.ts';

export interface ReadScalar {
  readonly value: null | boolean | number | string;
  /** Offset after its last character. */
  readonly end: number;
}

const doubleQuoted = /"[^"\\\n]*(?:\\["\\/bfnrtu][^"\\\n]*)*"/y;
const singleQuoted = /'[^'\n]*(?:''[^'\n]*)*'/y;

/** Text between quotes, on one line, with no escapes but those of JSON; undefined for any other. */
export function readQuoted(text: string, start: number): ReadScalar | undefined {
  const isDouble = text[start] === '"';
  const pattern = isDouble ? doubleQuoted : singleQuoted;
  pattern.lastIndex = start;
  if (!pattern.test(text)) return undefined;
  const end = pattern.lastIndex;
  const inner = text.slice(start + 1, end - 1);
  const value = isDouble
    ? inner.includes('\\')
      ? unescaped(inner)
      : inner
    : inner.includes("''")
      ? inner.replaceAll("''", "'")
      : inner;
  return value === undefined || !isWellFormed(value) ? undefined : { value, end };
}

function unescaped(inner: string): string | undefined {
  try {
    return JSON.parse(`"${inner}"`) as string;
  } catch {
    // `\u` without its four digits.
    return undefined;
  }
}

/**
 * Words without quotes, on one line. In block style anything but `: ` and ` #` may follow the first character; in flow style
 * only what cannot be taken for a mark.
 */
const plain = {
  block: /[A-Za-z0-9_.$(/+-](?:[^\n:#]|:(?=[^ \n])|(?<! )#)*/y,
  flow: /[A-Za-z0-9_./+-](?:[A-Za-z0-9_./+@%=()<>~^;-]|:(?=[A-Za-z0-9_./])| (?=[A-Za-z0-9_./(]))*/y,
};

export function readPlainScalar(
  text: string,
  start: number,
  style: 'block' | 'flow',
): ReadScalar | undefined {
  const pattern = plain[style];
  pattern.lastIndex = start;
  if (!pattern.test(text)) return undefined;
  const written = text.slice(start, pattern.lastIndex).trimEnd();
  const end = start + written.length;
  // `- ` begins a list, `---` and `...` a document.
  if (/^(?:-(?: |$)|---|\.\.\.)/.test(written)) return undefined;
  const value = resolvePlain(written);
  return value === undefined ? undefined : { value, end };
}

/** What YAML's core schema takes for something else than text. */
const notText =
  /^(?:~|null|true|false|0o[0-7]+|0x[0-9a-f]+|[-+]?(?:\.(?:inf|nan)|(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:e[-+]?[0-9]+)?))$/i;
const decimal = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$/;

/** As the core schema says; undefined where it is spelt in one of its rarer ways, or is too large. */
function resolvePlain(written: string): ReadScalar['value'] | undefined {
  if (!notText.test(written)) return written;
  switch (written) {
    case 'null':
      return null;
    case 'true':
      return true;
    case 'false':
      return false;
  }
  const number = decimal.test(written) ? Number(written) : NaN;
  return Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number))
    ? number
    : undefined;
}
