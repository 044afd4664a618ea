import { describe, expect, it } from 'vitest';
import { describedModel } from '../../../vision/models/catalogue.ts';
import type { StateEntry } from '../../../vision/models/network.ts';
import { entriesInScope, type Scope } from '../../../vision/pruning/scope.ts';

const resnet = describedModel('resnet18')!.layout({ classes: 10 });
const names = (entries: readonly StateEntry[], scope: Partial<Scope>): readonly string[] => {
  const found = entriesInScope(entries, { include: [], exclude: [], ...scope });
  if (found.kind !== 'scope') throw new Error(found.kind);
  return found.entries.map(({ name }) => name);
};

describe('the scope of a pruning', () => {
  it('is all convolutions and linear layers, less those excluded by name or with their module', () => {
    expect(names(resnet, {})).toHaveLength(21);
    expect(names(resnet, { exclude: ['conv1', 'fc'] })).toHaveLength(19);
    expect(names(resnet, { exclude: ['layer1'] })).not.toContain('layer1.0.conv1.weight');
    // A name is no beginning of another one.
    expect(names(resnet, { exclude: ['conv1'] })).toContain('layer1.0.conv1.weight');
  });

  it('takes stars for any text between dots', () => {
    expect(names(resnet, { exclude: ['layer*.*.downsample'] })).toHaveLength(18);
    expect(names(resnet, { exclude: ['layer*.*.conv*', '*'] })).toEqual([]);
    expect(names(resnet, { exclude: ['*er4.1.c*v1'] })).toHaveLength(20);
    expect(entriesInScope(resnet, { include: [], exclude: ['layer1.1*1.conv1'] }).kind).toBe('unknown-layer');
  });

  it('names what is none of the model', () => {
    expect(entriesInScope(resnet, { include: [], exclude: ['fc', 'head'] })).toMatchObject({
      kind: 'unknown-layer',
      index: 1,
      pattern: 'head',
    });
    expect(entriesInScope(resnet, { include: ['attention-in-projection'], exclude: [] })).toMatchObject({
      kind: 'unknown-group',
    });
  });

  it('includes optional groups by name', () => {
    const attention: StateEntry[] = [
      {
        name: 'attention.in_proj_weight',
        shape: [12, 4],
        role: 'linear',
        prunable: false,
        group: 'attention-in-projection',
      },
      { name: 'attention.out_proj.weight', shape: [4, 4], role: 'linear', prunable: true },
    ];
    expect(names(attention, {})).toEqual(['attention.out_proj.weight']);
    expect(names(attention, { include: ['attention-in-projection'] })).toHaveLength(2);
    expect(
      names(attention, { include: ['attention-in-projection'], exclude: ['attention.out_proj'] }),
    ).toEqual(['attention.in_proj_weight']);
  });

  it('is found at once, however many stars a pattern has', () => {
    const pattern = `${'*a'.repeat(90)}b`;
    const layer: StateEntry = { name: 'a'.repeat(5000), shape: [1], role: 'linear', prunable: true };
    expect(entriesInScope([layer], { include: [], exclude: [pattern] }).kind).toBe('unknown-layer');
  });
});
