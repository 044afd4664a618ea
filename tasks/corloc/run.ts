import type { TaskContext } from '../../engine/contract/task-context.ts';
import type { Box } from '../../vision/data/image-set.ts';
import { matchBox } from '../../vision/discovery/corloc.ts';
import { readBoxesFile } from '../boxes/boxes-file.ts';
import { openImageSet } from '../data/open.ts';
import { recordIndices } from '../data/record-indices.ts';
import { pickModelFacts } from '../model/model-facts.ts';
import { countCases, fraction, writeScoresFile } from '../scores/write-scores.ts';

interface Options {
  readonly threshold: number;
  readonly hard: 'keep' | 'drop';
}

/** Matches each found box with the image's objects. */
export async function runCorloc(context: TaskContext): Promise<void> {
  const { threshold, hard } = context.options as unknown as Options;
  const input = context.artifact('boxes');
  const file = await readBoxesFile(input.dir);
  const { items, method } = file;
  const set = await openImageSet(context.data('data'));
  const indices = recordIndices(
    set,
    items.map(({ id }) => id),
  );
  const matches = items.map(({ box }, i) => {
    const objects = set.records[indices[i]!]!.boxes ?? [];
    return matchBox(
      box ?? undefined,
      objects.filter((object) => hard === 'keep' || !isHard(object)),
      threshold,
    );
  });
  await writeScoresFile(context.output('scores'), {
    format: 1,
    measure: 'corloc',
    about: { ...pickModelFacts(file), method, threshold, hard },
    items: items.map(({ id }) => id),
    metrics: {
      corloc: fraction(matches.map((match) => (match === undefined ? null : Number(match.isHit)))),
      iou: fraction(matches.map((match) => match?.iou ?? null)),
    },
    notes: {
      corloc: countCases(
        items.map(({ box }, i) =>
          matches[i] === undefined ? 'no-objects' : box === null ? 'no-box' : 'measured',
        ),
      ),
    },
  });
  context.stateFacts('scores', { ...input.facts });
}

function isHard(object: Box): boolean {
  return object.difficult === true || object.truncated === true;
}
