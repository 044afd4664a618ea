import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export type JsonContent =
  | { readonly kind: 'object'; readonly content: { readonly [key: string]: unknown } }
  | { readonly kind: 'problem'; readonly problem: string };

/** Reads a file that should hold one JSON object of format 1. */
export async function readJsonObject(dir: string, name: string): Promise<JsonContent> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(join(dir, name), 'utf8'));
  } catch (error) {
    return problem(`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    return problem(`${name} is no object`);
  }
  const object = content as { readonly [key: string]: unknown };
  return object['format'] === 1 ? { kind: 'object', content: object } : problem(`${name}: format is not 1`);
}

function problem(text: string): JsonContent {
  return { kind: 'problem', problem: text };
}

export function isList(value: unknown, length?: number): value is readonly unknown[] {
  return Array.isArray(value) && (length === undefined || value.length === length);
}

export function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
