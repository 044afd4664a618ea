import { plural } from '../../page/numbers.ts';
import { optionValues } from '../evidence.ts';
import type { Evidence } from '../evidence.ts';
import { cite, say } from '../phrase.ts';
import type { Phrase } from '../phrase.ts';
import { geirhos2020, geirhos2021 } from '../works/evaluation.ts';

/** How decisions were set beside those of people. */
export function peopleSentences({ of }: Evidence): readonly Phrase[] {
  const compared = of('compare-humans');
  if (compared.length === 0) return [];
  const sets = optionValues(compared, 'set').length;
  const on = sets === 0 ? '' : ` on ${plural(sets, 'set')}`;
  const conditions = optionValues(compared, 'conditions');
  const benchmark = conditions.length === 1 && conditions[0] === 'benchmark';
  return [
    say`Decisions${on} were compared with the published decisions of people on the same images${cite(geirhos2021)}, by error consistency${cite(geirhos2020)} and the difference in accuracy.`,
    ...(benchmark
      ? [
          say`Undistorted images, and conditions in which people are right on less than a fifth, were left out, as in the benchmark.`,
        ]
      : []),
  ];
}
