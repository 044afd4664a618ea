import type { LocatedMap } from '../../engine/study/located.ts';
import type { Span } from '../../engine/study/source.ts';

/** Keys of a remote. */
export const fields = [
  'name',
  'directory',
  'url',
  'bucket',
  'endpoint',
  'region',
  'path_style',
  'instance_role',
  'ca',
  'pull',
  'push',
  'timeout',
  'bandwidth',
] as const;
export type Field = (typeof fields)[number];

export interface Problem {
  readonly kind: 'problem';
  readonly span: Span;
  readonly message: string;
  readonly hint: string | undefined;
}

export function wrong(span: Span, message: string, hint?: string): Problem {
  return { kind: 'problem', span, message, hint };
}

export function textAt(node: LocatedMap, field: Field): string | undefined {
  const value = node.entries.get(field)?.value;
  return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined;
}

export function spanAt(node: LocatedMap, field: Field): Span {
  return node.entries.get(field)?.value.span ?? node.span;
}
