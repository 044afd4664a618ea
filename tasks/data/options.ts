import type { JsonObject } from '../../cache/json.ts';

/** Readers of options that a schema has already checked: another type is a bug, absence is `undefined`. */
export function optionalText(options: JsonObject, name: string): string | undefined {
  const value = options[name] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw new Error(`option ${name} is no text`);
}

export function optionalNumber(options: JsonObject, name: string): number | undefined {
  const value = options[name] ?? undefined;
  if (value === undefined || typeof value === 'number') return value;
  throw new Error(`option ${name} is no number`);
}

export function optionalTexts(options: JsonObject, name: string): readonly string[] | undefined {
  const value = options[name] ?? undefined;
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every((item): item is string => typeof item === 'string')) return value;
  throw new Error(`option ${name} is no list of texts`);
}
