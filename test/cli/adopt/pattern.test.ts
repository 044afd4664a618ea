import { describe, expect, it } from 'vitest';
import { parsePattern } from '../../../cli/adopt/pattern.ts';
import { axesOf, placeText, typedPlaces } from '../../../cli/adopt/places.ts';

function matched(pattern: string, path: string): Record<string, string> | undefined {
  const parsed = parsePattern(pattern);
  if (parsed.kind !== 'pattern') throw new Error(parsed.message);
  const fields = parsed.pattern.match(path);
  return fields === undefined ? undefined : Object.fromEntries(fields);
}

describe('a pattern', () => {
  it.each([
    [
      '{model}/seed{seed}/round{round}.pth',
      'resnet18/seed0/round3.pth',
      { model: 'resnet18', seed: '0', round: '3' },
    ],
    ['{model}/seed{seed}/round{round}.pth', 'resnet18/seed0/round3.pth.bak', undefined],
    ['{model}/seed{seed}/round{round}.pth', 'a/b/seed0/round3.pth', undefined],
    ['{model}/seed{seed}/round{round}.pth', 'resnet18/seed/round3.pth', undefined],
    ['{model}/{model}-{seed}.pt', 'vit_b_32/vit_b_32-1.pt', { model: 'vit_b_32', seed: '1' }],
    ['{model}/{model}-{seed}.pt', 'vit_b_32/vit_b_16-1.pt', undefined],
    ['run-{run}_*.pth', 'run-a-b_2024.pth', { run: 'a-b' }],
    ['a+b(1)/{x}.pth', 'a+b(1)/7.pth', { x: '7' }],
    ['s{sparsity}.pth', 's0.59.pth', { sparsity: '0.59' }],
  ])('%s reads %s', (pattern, path, fields) => {
    expect(matched(pattern, path)).toEqual(fields);
  });

  it.each([
    ['seed0.pth', /names no field/],
    ['{seed', /brace/],
    ['{a}{b}.pth', /some text/],
    ['{a}*{b}.pth', /some text/],
    ['{Seed}.pth', /small letters/],
    ['{member}/{x}.pth', /means something else/],
  ])('%s is refused', (pattern, words) => {
    expect(parsePattern(pattern)).toMatchObject({
      kind: 'invalid',
      message: expect.stringMatching(words) as string,
    });
  });
});

describe('places', () => {
  const places = (...all: Record<string, string>[]) =>
    typedPlaces(all.map((each) => new Map(Object.entries(each))));

  it('are numbers where all on an axis are, by size', () => {
    const typed = places({ seed: '10', run: '1' }, { seed: '02', run: 'b' });
    expect(typed.map((place) => placeText(place))).toEqual(['seed=10,run=1', 'seed=2,run=b']);
    expect(axesOf(typed)).toEqual([
      { name: 'seed', isOfStudy: true, values: [2, 10] },
      { name: 'run', isOfStudy: false, values: ['1', 'b'] },
    ]);
  });

  it('stay texts where a number could be written in two ways', () => {
    expect(axesOf(places({ at: '1e3' }, { at: '7' }))[0]?.values).toEqual(['1e3', '7']);
    expect(axesOf(places({ at: '123456789012345678' }))[0]?.values).toEqual(['123456789012345678']);
  });

  it('need no axis for the one architecture there is', () => {
    expect(axesOf(places({ architecture: 'resnet18', seed: '0' })).map(({ name }) => name)).toEqual(['seed']);
  });
});
