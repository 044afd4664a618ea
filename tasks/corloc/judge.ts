import type { Box } from '../../vision/data/image-set.ts';
import { clipBox } from '../../vision/discovery/clip-box.ts';
import { matchBox } from '../../vision/discovery/corloc.ts';
import type { Match } from '../../vision/discovery/corloc.ts';
import type { FoundBox } from '../boxes/boxes-file.ts';

export interface JudgeOptions {
  readonly threshold: number;
  readonly hard: 'keep' | 'drop';
}

/** What became of one image. Only the first two have a value. */
export type Outcome = 'measured' | 'no-box' | 'no-objects' | 'only-hard-objects' | 'objects-outside';

export interface Judgement {
  readonly outcome: Outcome;
  /** Undefined where there is nothing to match with. */
  readonly match: Match | undefined;
  /** The objects that counted, clipped to the image. */
  readonly truth: readonly Box[];
  readonly counts: BoxCounts;
  /** For each category among the objects, whether the box hits one of them. */
  readonly hits: ReadonlyMap<string, boolean>;
}

/** Annotated boxes: all of them; left out as hard or as lying outside the image; and those that reach over its edge. */
export interface BoxCounts {
  readonly annotated: number;
  readonly hard: number;
  readonly outside: number;
  readonly clipped: number;
}

/** Matches a found box with the annotated objects of its image. */
export function judge(found: FoundBox, objects: readonly Box[], options: JudgeOptions): Judgement {
  const counting = objects.filter((object) => options.hard === 'keep' || !isHard(object));
  const clipped = counting.map((object) => clipBox(object, found));
  const truth = clipped.flatMap((one) => (one.kind === 'outside' ? [] : [one.box]));
  const box = found.box ?? undefined;
  const categories = new Set(truth.map(({ category }) => category));
  const named = [...categories].filter((category) => category !== undefined);
  const hits = named.map((category): [string, boolean] => {
    const own = truth.filter((object) => object.category === category);
    return [category, matchBox(box, own, options.threshold)?.isHit === true];
  });
  return {
    outcome: outcomeOf({ objects, counting, truth, box }),
    match: matchBox(box, truth, options.threshold),
    truth,
    counts: {
      annotated: objects.length,
      hard: objects.length - counting.length,
      outside: counting.length - truth.length,
      clipped: clipped.filter(({ kind }) => kind === 'clipped').length,
    },
    hits: new Map(hits),
  };
}

function outcomeOf(image: {
  readonly objects: readonly Box[];
  readonly counting: readonly Box[];
  readonly truth: readonly Box[];
  readonly box: object | undefined;
}): Outcome {
  if (image.objects.length === 0) return 'no-objects';
  if (image.counting.length === 0) return 'only-hard-objects';
  if (image.truth.length === 0) return 'objects-outside';
  return image.box === undefined ? 'no-box' : 'measured';
}

function isHard(object: Box): boolean {
  return object.difficult === true || object.truncated === true;
}
