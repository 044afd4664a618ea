import { TaskError } from '../../engine/contract/task-context.ts';
import type { ImageSet } from '../../vision/data/image-set.ts';
import { preprocessMask } from '../../vision/data/preprocess.ts';
import type { Mask } from '../../vision/data/raster.ts';
import { indicesIn, regionOf } from '../../vision/localisation/regions.ts';
import type { Preprocessing } from '../../vision/models/model-entry.ts';

/** What a map is scored against: a mask, or the named case why there is none. */
export type Truth =
  | {
      readonly kind: 'mask';
      /** As large as the map: 0 background, 255 void, else foreground. */
      readonly mask: Uint8Array;
      /** The object's number, where each is scored. */
      readonly object?: number;
    }
  | { readonly kind: LeftOut };

/**
 * `no-mask`: the image has none. `no-objects`: its mask shows none. `no-label`: its objects are not of one class.
 * `no-such-class`: the masks do not know the class. `class-absent`: the image does not show it.
 */
export type LeftOut = 'no-mask' | 'no-objects' | 'no-label' | 'no-such-class' | 'class-absent';

export interface TruthRequest {
  readonly set: ImageSet;
  readonly index: number;
  /** `any`, `objects`, `label`, `target`, or the name of a class. */
  readonly truth: string;
  /** Name of the class that was explained; asked for by `target`. */
  readonly target: string | undefined;
  readonly preprocessing: Preprocessing;
}

/** The ground truths of one image: one, but for `objects`, which has one for each of them. */
export async function truthsOf(request: TruthRequest): Promise<readonly Truth[]> {
  const { set, index, truth, preprocessing } = request;
  const mask = await set.mask!(index);
  if (mask === undefined) return [{ kind: 'no-mask' }];
  const seen = (index: number): Uint8Array => regionOf(preprocessMask(mask, preprocessing).data, index);
  switch (truth) {
    case 'any':
      return [{ kind: 'mask', mask: preprocessMask(mask, preprocessing).data }];
    case 'objects': {
      const objects = indicesIn(mask.data);
      if (objects.length === 0) return [{ kind: 'no-objects' }];
      return objects.map((object) => ({ kind: 'mask', mask: seen(object), object }));
    }
    default: {
      const found = classIndex(request, mask);
      return [typeof found === 'number' ? { kind: 'mask', mask: seen(found) } : { kind: found }];
    }
  }
}

function classIndex({ set, index, truth, target }: TruthRequest, mask: Mask): number | LeftOut {
  const name =
    truth === 'label' ? set.classes[set.records[index]!.label] : truth === 'target' ? target : truth;
  if (name === undefined) return 'no-label';
  const found = classNames(set).indexOf(name) + 1;
  if (found === 0) return 'no-such-class';
  return mask.data.includes(found) ? found : 'class-absent';
}

/** Throws `TaskError` where the masks of a set cannot tell what is asked of them. */
export function checkTruth(set: ImageSet, truth: string): void {
  if (set.mask === undefined) throw new TaskError('task', `the data set ${set.name} has no masks`);
  if (truth === 'any') return;
  const wanted = truth === 'objects' ? 'objects' : 'classes';
  const told = set.maskIndices?.of;
  if (told !== wanted)
    throw new TaskError(
      'task',
      `truth: ${truth} asks for masks that tell ${wanted} apart, and those of ${set.name} tell ${told ?? 'no more than foreground'}: see the options of the data set`,
    );
  const names = classNames(set);
  if (!['objects', 'label', 'target'].includes(truth) && !names.includes(truth))
    throw new TaskError(
      'task',
      `truth: the masks of ${set.name} know no class ${truth}, they know ${names.join(', ')}`,
    );
}

function classNames({ maskIndices }: ImageSet): readonly string[] {
  return maskIndices?.of === 'classes' ? maskIndices.names : [];
}
