import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../cache/digest.ts';
import { type Affinity, affinityOf, closestTo } from '../../../engine/run/affinity.ts';
import type { JobInput } from '../../../engine/worker/protocol.ts';

/** A task of a kind on a model and on data. */
function attempt(kind: string, model: string, data = 'any'): { readonly affinity: Affinity } {
  const artifact: JobInput = {
    kind: 'artifact',
    item: { digest: digestOf(model), facts: {}, coordinates: {} },
  };
  const set: JobInput = {
    kind: 'data',
    adapter: 'shapes',
    options: {},
    root: undefined,
    part: undefined,
    digest: digestOf(data),
    facts: {},
    filesAt: undefined,
  };
  const traits = { model: 'resnet20' };
  return { affinity: affinityOf({ kind, traits }, { inputs: { model: artifact, data: set } }) };
}

describe('what a worker does next', () => {
  const done = attempt('evaluate', 'member 1', 'edge');

  it.each([
    ['the same kind on the same model', 3],
    ['another kind on the same model', 2],
    ['the same kind on another model', 1],
    ['the first where nothing is in common', 0],
  ])('is %s', (_, wanted) => {
    const candidates = [
      attempt('attribute', 'member 2', 'edge'),
      attempt('evaluate', 'member 2', 'edge'),
      attempt('attribute', 'member 1', 'colour'),
      attempt('evaluate', 'member 1', 'colour'),
    ].slice(0, wanted + 1);
    expect(closestTo(done.affinity, candidates)).toBe(candidates[wanted]);
  });

  it('is the first among equals, and the first of all in a fresh worker', () => {
    const equals = [attempt('evaluate', 'member 1', 'edge'), attempt('evaluate', 'member 1', 'colour')];
    expect(closestTo(done.affinity, equals)).toBe(equals[0]);
    expect(closestTo(undefined, [attempt('prune', 'a'), done])?.affinity.group).toContain('prune');
    expect(closestTo(done.affinity, equals.slice(2))).toBeUndefined();
  });
});
