import { describe, expect, it } from 'vitest';
import { axisRoles, placeOf } from '../../../tasks/readings/axis-roles.ts';

describe('axisRoles', () => {
  const place = (coordinates: { readonly [axis: string]: string | number }, sparsity: number) => ({
    coordinates,
    named: [coordinates['method'], 'resnet20'],
    sparsity,
  });

  it('knows seeds, positions in the pool, and axes that repeat a fact', () => {
    const roles = axisRoles(
      [place({ seed: 0, method: 'ig', pool: 0 }, 0), place({ seed: 1, method: 'lrp', pool: 1 }, 0.2)],
      ['seed'],
    );
    expect(Object.fromEntries(roles)).toEqual({ seed: 'seed', method: 'named', pool: 'position' });
  });

  it('takes a pool of another name for what it is', () => {
    const inputs = [0, 1, 2].flatMap((member) =>
      [0, 1].map((rule) => place({ members: member, rule }, member / 10)),
    );
    expect(Object.fromEntries(axisRoles(inputs, ['seed']))).toEqual({ members: 'position', rule: 'variant' });
  });

  it('keeps other axes apart as variants', () => {
    const roles = axisRoles(
      [place({ strategy: 'random', pool: 1 }, 0.2), place({ strategy: 'l1', pool: 1 }, 0.2)],
      ['seed'],
    );
    expect(placeOf({ strategy: 'random', pool: 1 }, roles)).toEqual({
      variant: 'strategy=random',
      seed: '',
      position: 1,
    });
  });

  it('lets the study name its seeds', () => {
    const roles = axisRoles([place({ trial: 1, pool: 0 }, 0), place({ trial: 2, pool: 0 }, 0)], ['trial']);
    expect(roles.get('trial')).toBe('seed');
  });
});
