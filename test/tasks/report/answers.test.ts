import { describe, expect, it } from 'vitest';
import { answers } from '../../../tasks/report/sections/answers.ts';
import type { Line, Study } from '../../../tasks/report/study/study.ts';
import type { DecidedPoint, Decision } from '../../../tasks/sweet-spots/decision.ts';
import { parsePage } from './parse-page.ts';

const line: Line = { key: '["resnet20",""]', model: 'resnet20', variant: '', label: 'ResNet-20', index: 0 };

function point(sparsity: number, gain: number, control?: 'passed' | 'failed'): DecidedPoint {
  return {
    ...{
      sparsity,
      gain,
      images: 32,
      missing: 0,
      score: 0.5 + gain,
      seedSpread: 0.01,
      seedGains: [gain - 0.01, gain + 0.01],
    },
    interval: [gain - 0.02, gain + 0.02],
    imageInterval: [gain - 0.015, gain + 0.015],
    p: 0.01,
    verdict: gain > 0 ? 'sweet-spot' : 'not-better',
    controls:
      control === undefined ? [] : [{ control: 'c', verdict: control, images: 32, level: null, gain: null }],
  };
}

function decision(about: Partial<Decision>, points: readonly DecidedPoint[]): Decision {
  return {
    ...{ measure: 'localisation', metric: 'rma', unit: 'fraction', higherIsBetter: true },
    ...{ model: 'resnet20', variant: '', method: 'grad-cam', set: null, ...about },
    outcome: { kind: 'decided', points: [point(0, 0), ...points] },
  };
}

function told(decisions: readonly Decision[]): string {
  const study = { lines: [line], decisions } as Partial<Study> as Study;
  const markup = answers(study)?.markup ?? '';
  const text = parsePage(`<html><body>${markup}</body></html>`).querySelector('body')?.textContent ?? '';
  return text.replaceAll(/\s+/g, ' ').replaceAll('\u202f', ' ').replaceAll('\u2011', '-').trim();
}

const discovery = { measure: 'corloc', metric: 'corloc', method: 'lost' };
const sketch = { measure: 'accuracy', metric: 'accuracy', method: null, set: 'sketch' };

describe('the answer in a sentence', () => {
  it('names the largest gain of each question, with the interval that decided', () => {
    expect(
      told([
        decision({}, [point(0.2, 0.01), point(0.36, 0.031)]),
        decision({ metric: 'rra' }, [point(0.2, 0.02)]),
        decision(discovery, [point(0.488, 0.05)]),
        decision(sketch, [point(0.2, 0.1)]),
      ]),
    ).toBe(
      'ResNet-20 localises best at 36 % sparsity (RMA, Grad-CAM: +3.1 points [1.1, 5.1] over dense), ' +
        'finds objects best at 48.8 % (CorLoc: +5.0 points [3.0, 7.0]), ' +
        'and gains most out of distribution at 20 % (Sketch: +10.0 points [8.0, 12.0]).',
    );
  });

  it('names the unit of likeness to people, and not the score again', () => {
    const like = { measure: 'humans', metric: 'error_consistency', unit: 'kappa', method: null, set: 'edge' };
    expect(told([decision(like, [point(0.36, 0.12)])])).toBe(
      'ResNet-20 errs most like people at 36 % sparsity (Edge: +0.120 kappa [0.100, 0.140] over dense).',
    );
  });

  it('prefers what its controls confirm, and says where they confirm nothing', () => {
    const passes = decision({}, [point(0.2, 0.09, 'failed'), point(0.36, 0.03, 'passed')]);
    expect(told([passes])).toBe(
      'ResNet-20 localises best at 36 % sparsity (RMA, Grad-CAM: +3.0 points [1.0, 5.0] over dense; 1 of its 2 sweet spots fails a control).',
    );
    const fails = decision({}, [point(0.2, 0.09, 'failed')]);
    expect(told([fails, decision(discovery, [point(0.2, 0.05)])])).toBe(
      'ResNet-20 finds objects best at 20 % sparsity (CorLoc: +5.0 points [3.0, 7.0] over dense) ' +
        'and has no sweet spot in localisation that its controls confirm.',
    );
  });

  it('says where accuracy gains as well, which longer training would explain', () => {
    const accuracy = decision({ ...sketch, set: null }, [point(0.2, 0.1)]);
    expect(told([decision({}, [point(0.36, -0.01)]), accuracy])).toBe(
      'ResNet-20 has no sweet spot in localisation. Accuracy rises too (ResNet-20 +10.0 points at 20 %): ' +
        'further training, not sparsity, may be the cause.',
    );
  });

  it('takes none found for an answer', () => {
    expect(told([decision({}, [point(0.2, -0.01)]), decision(sketch, [point(0.2, 0)])])).toBe(
      'ResNet-20 has no sweet spot in localisation or the out-of-distribution sets.',
    );
    expect(told([decision({ ...sketch, set: null }, [point(0.2, 0.1)])])).toBe('');
  });
});
