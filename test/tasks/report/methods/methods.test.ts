import { measuredIn } from '../../../../tasks/report/dress/measured.ts';
import { island } from '../../../../tasks/report/page/island.ts';
import { describe, expect, it } from 'vitest';
import { methodsOf } from '../../../../tasks/report/methods/methods-of.ts';
import { asBibtex } from '../../../../tasks/report/methods/formats/as-bibtex.ts';
import { asText } from '../../../../tasks/report/methods/formats/as-text.ts';
import { ruleInWords } from '../../../../tasks/sweet-spots/describe-rule.ts';
import { defaultRule } from '../../../../tasks/sweet-spots/rule.ts';
import { attributionMethods } from '../../../../vision/attribution/methods.ts';
import { catalogue } from '../../../../vision/models/catalogue.ts';
import { pruningMethods } from '../../../../vision/pruning/registry.ts';
import { optimisers } from '../../../../vision/training/optimisers/registry.ts';
import { dataAdapters } from '../../../../tasks/data/registry.ts';
import { localisationMetrics } from '../../../../vision/localisation/metrics.ts';
import { largeRecord } from '../fake-record.ts';
import { citedBy, recordOf, toldOf, wholeStudy } from './record.ts';
import type { Told } from './record.ts';

describe('the methods of a study', () => {
  it('are told in the numbers of the study', () => {
    const text = asText(methodsOf(recordOf(wholeStudy)))
      .replaceAll('\u202f', ' ')
      .replaceAll(/ \[[\d, ]+\]/g, '');
    for (const clause of [
      '2048 images for training; 128 images for explanations and object discovery.',
      'ResNet-20 was trained from fresh weights for 8 epochs, each from 2 seeds (0, 1), with stochastic gradient descent',
      'batches of 32 images, a learning rate of 0.05, falling along a cosine to 0',
      'After pruning, ResNet-20 was trained again for 2 epochs',
      '(learning-rate rewinding).',
      '20 % of what is left at a time.',
      'Integrated Gradients (50 steps, Gauss–Legendre), on 48 images',
      'LOST (k = 100)',
      'is at least 0.5)',
      '1,000 times the images are drawn anew',
      'sweetspot 0.1.0, which computes with TensorFlow 2.21.0',
      'It took 36 h of processor time on cpu-t2.',
    ])
      expect(text).toContain(clause);
  });

  it('name and cite nothing that was not done', () => {
    const without = wholeStudy.filter(({ kind }) => kind !== 'lost' && kind !== 'corloc');
    const all = methodsOf(recordOf(wholeStudy));
    const fewer = methodsOf(recordOf(without));
    expect(asText(all)).toContain('LOST');
    expect(asText(fewer)).not.toMatch(/LOST|CorLoc|discovery/);
    expect(asBibtex(all)).toContain('simeoni2021');
    expect(asBibtex(fewer)).not.toMatch(/simeoni2021|deselaers2012/);
  });

  it('leave out what is not done yet, and say that something is', () => {
    const tasks = wholeStudy.map((task) => (task.kind === 'lost' ? { ...task, isDone: false } : task));
    expect(citedBy(tasks)).not.toContain('simeoni2021');
    expect(toldOf('Software and computing', tasks)).toContain('2 of 18 results are not there yet');
    expect(toldOf('Software and computing', wholeStudy)).not.toContain('not there yet');
  });

  it('of nothing are those of the software alone', () => {
    expect(methodsOf(recordOf([])).paragraphs.map(({ title }) => title)).toEqual(['Software and computing']);
  });

  it('can be told of records that hold no options', () => {
    const { tasks, ...record } = largeRecord(24);
    const told = methodsOf({ ...record, tasks });
    expect(told.paragraphs.map(({ title }) => title)).toEqual(['Software and computing']);
  });

  it('mention programs of the study without guessing what they do', () => {
    const tasks = [{ kind: 'command', options: { run: ['python', 'eval.py'] } }];
    expect(toldOf('Other programs', tasks)).toBe(
      "Part of the work was done by a program of the study's own: python eval.py.",
    );
  });

  it('say how the learning rate or the weights were rewound', () => {
    const [dense, cut] = wholeStudy;
    const again = (
      options: NonNullable<(typeof wholeStudy)[number]['options']>,
      reads: readonly number[],
    ): string =>
      toldOf('Training', [dense!, cut!, { kind: 'train', facts: { model: 'resnet20' }, reads, options }]) ??
      '';
    expect(again({ recipe: { schedule: { kind: 'last' }, epochs: 5 } }, [1])).toContain('(fine-tuning [');
    expect(again({ recipe: {} }, [1, 0])).toContain('(weight rewinding [');
    expect(again({ recipe: {} }, [1])).toContain('(learning-rate rewinding [');
    expect(again({ recipe: {}, from_epoch: 3, to_epoch: 8 }, [1])).toMatch(
      /for 5 epochs.* went on from epoch 3/,
    );
    expect(again({ recipe: {} }, [0])).toContain('From a checkpoint, ResNet-20 was trained again');
  });

  it('tell controls apart from what is meant', () => {
    const control = [
      { kind: 'randomise', facts: { control: 'randomised-weights' } },
      { kind: 'attribute', facts: { control: 'randomised-weights' }, options: { method: 'lrp' } },
      {
        kind: 'localise',
        facts: { control: 'shuffled-masks' },
        options: { masks: 'shuffled', metrics: ['rma'] },
      },
      { kind: 'match-accuracy', facts: { control: 'equal-accuracy' }, options: { tolerance: 0.02 } },
    ];
    expect(toldOf('Controls', control)).toMatch(
      /drawn anew.*another image's mask and the dense model.*within 0\.02/,
    );
    expect(toldOf('Attribution', control)).toBeUndefined();
    expect(citedBy(control)).not.toContain('bach2015');
    expect(toldOf('Controls', wholeStudy)).toBeUndefined();
  });
});

describe('images that no option of the data set counts', () => {
  const counted = new Map(
    Object.entries({ a: 1449, b: 1449, c: 300, d: 160, e: 1280, f: 50_000 }).map(([name, images]) => [
      name,
      images,
    ]),
  );
  const voc = [{ adapter: 'voc', name: 'voc', options: { split: 'val' } }];
  const imagenet = [{ adapter: 'imagenet', name: 'val', options: { split: 'val' } }];
  const sets = [{ adapter: 'geirhos', name: 'ood' }];
  const told = (...tasks: readonly Told[]): string =>
    toldOf('Data', tasks, counted)!.replaceAll(/ \[[\d, ]+\]/g, '');

  it('are told as they were scored', () => {
    const accuracy = { kind: 'evaluate', data: imagenet, scores: 'f' };
    expect(told(accuracy)).toBe(
      'Images for accuracy came from ImageNet (ILSVRC 2012) (val); 50\u202f000 were scored.',
    );
    expect(told({ kind: 'attribute', data: voc }, { kind: 'corloc', data: voc, scores: 'a' })).toBe(
      'Images for explanations and object discovery came from Pascal VOC 2012 (val); 1449 were scored for object discovery.',
    );
  });

  it('are told by purpose where they differ, and by their range where sets do', () => {
    const found = told(
      { kind: 'corloc', data: voc, scores: 'a' },
      { kind: 'corloc', data: voc, scores: 'b' },
      { kind: 'localise', data: voc, scores: 'c' },
    );
    expect(found).toContain('; 1449 were scored for object discovery and 300 for localisation.');
    const decide = (scores: string): Told => {
      return { kind: 'evaluate', data: sets, scores, options: { set: 'edge' } };
    };
    expect(told(decide('d'), decide('e'))).toMatch(/; 160 to 1280 of each set were scored\.$/);
  });

  it('are not guessed where nobody counted', () => {
    expect(told({ kind: 'evaluate', data: imagenet, scores: 'unknown' }, { kind: 'corloc', data: voc })).toBe(
      'Images for accuracy came from ImageNet (ILSVRC 2012) (val). Images for object discovery came from Pascal VOC 2012 (val).',
    );
  });

  it('are counted in the table that a page holds', () => {
    const source = ['a', '0', 0, {}, {}, {}, 24];
    const page = `<p>${island('door-table', { format: 2, scores: [], sources: [source] }).markup}</p>`;
    expect([...measuredIn(page)]).toEqual([['a', 24]]);
    expect(measuredIn(page.replace('"format":2', '"format":1')).size).toBe(0);
    expect(measuredIn('<p></p>').size).toBe(0);
  });
});

describe('the rule of sweet spots', () => {
  const rule = (options: object): string =>
    toldOf('Statistics', [...wholeStudy, { kind: 'sweet-spots', options: { ...options } }])!
      .replaceAll('\u202f', ' ')
      .replaceAll(/ \[[\d, ]+\]/g, '');

  it('stands in the words of the report, by the options of the study', () => {
    const asked = { ...defaultRule, confidence: 0.9, resamples: 5000, correction: 'bonferroni' as const };
    const { definition, images, trainings, correction } = ruleInWords(asked, { oneTraining: false });
    const told = rule(asked);
    for (const words of [definition, images.slice(1), trainings.text.slice(1), correction])
      expect(told).toContain(words);
    expect(told).toContain('90 %');
    expect(told).toContain('5,000');
  });

  it('is the default where a report decides by itself, and cites each step', () => {
    expect(toldOf('Statistics', wholeStudy)).toContain('max-T [');
    for (const key of [
      'efron1993',
      'westfall1993',
      'tusher2001',
      'obuchowski1995',
      'hillis2007',
      'cassano2025',
    ])
      expect(citedBy(wholeStudy)).toContain(key);
    expect(citedBy(wholeStudy)).not.toContain('dunn1961');
  });

  it('knows whether there were several trainings', () => {
    const single = wholeStudy.slice(0, 9);
    expect(toldOf('Statistics', single)).toContain('each model was trained once'.slice(1));
    expect(citedBy(single)).not.toContain('obuchowski1995');
    expect(toldOf('Statistics', wholeStudy)).not.toContain('model was trained once');
  });

  it('is not told where nothing sparse was scored', () => {
    expect(
      toldOf(
        'Statistics',
        wholeStudy.filter(({ facts }) => facts?.['sparsity'] === 0),
      ),
    ).toBeUndefined();
  });
});

/** Whoever adds one of these has to say what it cites. */
describe('everything that a study can name has its reference', () => {
  it.each(attributionMethods.map(({ name }) => name))('attribution: %s', (method) => {
    const tasks = [{ kind: 'attribute', options: { method } }];
    expect(toldOf('Attribution', tasks)).toMatch(/^Decisions were explained by .+ \[1\]/);
  });

  it.each(pruningMethods.map(({ name }) => name))('pruning: %s', (method) => {
    const told = toldOf('Pruning', [{ kind: 'prune', facts: { model: 'resnet20' }, options: { method } }]);
    expect(told).toMatch(
      /random/.test(method) ? /^ResNet-20 was pruned at random/ : /^ResNet-20 was pruned .*\[1\]/,
    );
  });

  it.each(optimisers.map(({ kind }) => kind))('optimiser: %s', (kind) => {
    const recipe = { optimizer: { kind }, momentum: 0.9 };
    const told = toldOf('Training', [{ kind: 'train', options: { model: 'resnet20', recipe } }]);
    expect(told).toMatch(/ \[\d+\]/);
  });

  it.each(catalogue.map(({ name }) => name))('model: %s', (model) => {
    expect(toldOf('Models', [{ kind: 'train', facts: { model } }])).toMatch(/ \[1\]\)/);
  });

  it.each(localisationMetrics.map(({ name }) => name))('metric: %s', (metric) => {
    expect(toldOf('Localisation', [{ kind: 'localise', options: { metrics: [metric] } }])).toMatch(/ \[1\]/);
  });

  it.each(dataAdapters.map(({ adapter }) => adapter))('data: %s', (adapter) => {
    const told = toldOf('Data', [
      { kind: 'evaluate', data: [{ adapter, name: 'mine', options: { limit: 7 } }] },
    ]);
    if (adapter === 'human-decisions') expect(told).toBeUndefined();
    else if (adapter === 'shapes') expect(told).toContain('made by the software itself');
    else expect(told).toMatch(/^Images for accuracy came from .*, at most 7 images( of each set)?\.$/);
  });
});
