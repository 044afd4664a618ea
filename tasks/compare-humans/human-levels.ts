import { summariseHumans } from '../../vision/ood/human-summary.ts';
import type { HumanTrial } from '../../vision/ood/human-trials.ts';
import type { OodSet } from '../../vision/ood/sets.ts';
import type { HumanLevels } from '../readings/scores-file.ts';
import { peoplesBias } from './conflict-bias.ts';

/** What people reach on the compared images, whole and by condition. At least one trial. */
export function humanLevels(set: OodSet, humans: readonly HumanTrial[]): HumanLevels {
  const { subjects, accuracy, accuracySpread, conditions } = summariseHumans(humans)!;
  const shapeBias = set.name === 'cue-conflict' ? peoplesBias(humans) : undefined;
  return {
    subjects: subjects.length,
    accuracy,
    accuracySpread,
    ...(shapeBias === undefined ? {} : { shapeBias }),
    conditions: conditions.flatMap(({ condition, ...levels }) =>
      condition === undefined
        ? []
        : [{ condition, accuracy: levels.accuracy, accuracySpread: levels.accuracySpread }],
    ),
  };
}
