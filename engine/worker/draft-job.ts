import type { Digest } from '../../cache/digest.ts';
import { keyAction } from '../keys/action.ts';
import type { Action, ActionInput } from '../keys/action.ts';
import type { Outputs } from '../run/events.ts';
import type { Job, JobInput, JobItem } from './protocol.ts';

/** Outputs of an earlier part of the same batch; undefined where it has none (yet). */
export type OutputsOfPart = (part: number) => Outputs | undefined;

/** In a draft, the digest of an output that an earlier part of the batch is to make. No digest of anything looks like it. */
export function standIn(part: number, output: string): Digest {
  return `part ${part} ${output}` as Digest;
}

/** A job from its draft, with its key, once what it reads is made; undefined before. */
export function completedJob(draft: Job, outputsOf: OutputsOfPart): Job | undefined {
  const made = (digest: Digest): Digest | undefined => {
    const [, part, output = ''] = /^part (\d+) (.+)$/.exec(digest) ?? [];
    return part === undefined ? digest : outputsOf(Number(part))?.[output];
  };
  const items = Object.values(draft.inputs).flatMap(itemsOf);
  if (items.some(({ digest }) => made(digest) === undefined)) return undefined;
  const filled = (digest: Digest): Digest => made(digest) ?? digest;
  const action = JSON.parse(draft.action) as Action;
  const { key, text } = keyAction({
    ...action,
    inputs: mapped(action.inputs, (input) => filledInput(input, filled)),
  });
  return {
    ...draft,
    ...{ key, action: text },
    inputs: mapped(draft.inputs, (input) => filledJobInput(input, filled)),
  };
}

function itemsOf(input: JobInput): readonly JobItem[] {
  if (input.kind === 'data') return [];
  return input.kind === 'artifact' ? [input.item] : input.items;
}

function filledInput(input: ActionInput, filled: (digest: Digest) => Digest): ActionInput {
  if ('data' in input) return input;
  if ('artifact' in input) return { artifact: filled(input.artifact) };
  return { gathered: input.gathered.map((item) => ({ ...item, artifact: filled(item.artifact) })) };
}

function filledJobInput(input: JobInput, filled: (digest: Digest) => Digest): JobInput {
  const filledItem = (item: JobItem): JobItem => ({ ...item, digest: filled(item.digest) });
  switch (input.kind) {
    case 'artifact':
      return { ...input, item: filledItem(input.item) };
    case 'gathered':
      return { ...input, items: input.items.map(filledItem) };
    case 'data':
      return input;
  }
}

function mapped<T>(
  named: { readonly [name: string]: T },
  change: (value: T) => T,
): { readonly [name: string]: T } {
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [name, change(value)]));
}
