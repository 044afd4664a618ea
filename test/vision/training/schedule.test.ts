import { describe, expect, it } from 'vitest';
import { learningRateAt, type Schedule } from '../../../vision/training/schedule.ts';
import { referenceJson } from '../../support/reference-case.ts';

interface ReferenceSchedule {
  name: string;
  args: {
    lr: number;
    lr_scheduler: 'steplr' | 'cosineannealinglr' | 'exponentiallr';
    lr_step_size: number;
    lr_gamma: number;
    epochs: number;
    lr_warmup_epochs: number;
    lr_warmup_method: 'constant' | 'linear';
    lr_warmup_decay: number;
    lr_min: number;
  };
  lr_used_in_epoch: number[];
}

const { schedules } = referenceJson('optim/lr_schedules.json') as { schedules: ReferenceSchedule[] };

function scheduleOf({
  lr_scheduler: kind,
  lr_step_size: every,
  lr_gamma: factor,
  lr_min: minimum,
}: ReferenceSchedule['args']): Schedule {
  switch (kind) {
    case 'steplr':
      return { kind: 'step', every, factor };
    case 'cosineannealinglr':
      return { kind: 'cosine', minimum };
    case 'exponentiallr':
      return { kind: 'exponential', factor };
  }
}

describe('learningRateAt', () => {
  it.each(schedules.map((reference) => [reference.name, reference] as const))(
    'follows PyTorch in %s',
    (_, { args, lr_used_in_epoch: expected }) => {
      const recipe = {
        epochs: args.epochs,
        learning_rate: args.lr,
        schedule: scheduleOf(args),
        warmup: { kind: args.lr_warmup_method, epochs: args.lr_warmup_epochs, factor: args.lr_warmup_decay },
      };
      expected.forEach((rate, epoch) => {
        expect(Math.abs(learningRateAt(recipe, epoch) - rate), `epoch ${epoch}`).toBeLessThan(
          1e-12 + 1e-9 * rate,
        );
      });
    },
  );

  it('multiplies at each milestone, and stays constant where told', () => {
    const recipe = {
      epochs: 10,
      learning_rate: 1,
      warmup: { kind: 'linear', epochs: 0, factor: 1 },
    } as const;
    const rates = (schedule: Schedule): number[] =>
      [0, 3, 4, 6, 9].map((epoch) => learningRateAt({ ...recipe, schedule }, epoch));
    expect(rates({ kind: 'multistep', at: [4, 6], factor: 0.5 })).toEqual([1, 1, 0.5, 0.25, 0.25]);
    expect(rates({ kind: 'constant' })).toEqual([1, 1, 1, 1, 1]);
  });
});
