import { TaskError } from '../../engine/contract/task-context.ts';
import { resolveClassMap } from '../../vision/ood/class-map.ts';
import type { ClassMap, ClassMapRequest } from '../../vision/ood/class-map.ts';
import { rankCategories, softmax } from '../../vision/ood/decide-category.ts';

/** What became of one image. Null: the question cannot be asked of it. */
export interface Judgement {
  /** Name of the chosen class or category. */
  readonly decision: string;
  /** 1 right, 0 wrong; null where the image's class is unknown or not mapped. */
  readonly accuracy: number | null;
  /** Whether the right class is among the five highest. */
  readonly top5: number | null;
  /** Cross-entropy in nats. */
  readonly loss: number | null;
}

/** Judges one image by its logits. `truth` is the name of its class, undefined where it has none. */
export interface Judge {
  /** `none` where classes are compared by name, else the name of the class map. */
  readonly classMap: string;
  /** How many answers are possible; top-5 means nothing up to five. */
  readonly choices: number;
  /** Whether there is a loss: only where the model was trained on these very classes. */
  readonly hasLoss: boolean;
  /** Whether this category can be its answer. */
  readonly canChoose: (category: string) => boolean;
  readonly judge: (logits: Float32Array, truth: string | undefined) => Judgement;
}

/**
 * The judge for a model and a set. Where all of the set's classes are the model's, the highest of all the model's logits
 * decides; else a class map does.
 */
export function makeJudge(request: ClassMapRequest): Judge {
  const { wanted, modelClasses, setClasses } = request;
  if (wanted === 'auto' && setClasses.every((name) => modelClasses.includes(name)))
    return byName(modelClasses);
  const result = resolveClassMap(request);
  if (result.kind === 'unmappable') throw new TaskError('task', result.message);
  return byMap(result.map);
}

function byName(classes: readonly string[]): Judge {
  return {
    classMap: 'none',
    choices: classes.length,
    hasLoss: true,
    canChoose: (category) => classes.includes(category),
    judge: (logits, truth) => {
      const ranked = Array.from(classes.keys()).sort((a, b) => logits[b]! - logits[a]! || a - b);
      const decision = classes[ranked[0]!]!;
      if (truth === undefined) return { decision, accuracy: null, top5: null, loss: null };
      const label = classes.indexOf(truth);
      return {
        decision,
        accuracy: Number(decision === truth),
        top5: Number(ranked.slice(0, 5).includes(label)),
        loss: crossEntropy(logits, label),
      };
    },
  };
}

function byMap(map: ClassMap): Judge {
  const mapped = new Set(map.entries.map(({ category }) => category));
  return {
    classMap: map.name,
    choices: map.entries.length,
    hasLoss: false,
    canChoose: (category) => mapped.has(category),
    judge: (logits, truth) => {
      const ranked = rankCategories(softmax(logits), map).map(({ category }) => category);
      const decision = ranked[0]!;
      const isAskable = truth !== undefined && mapped.has(truth);
      return {
        decision,
        accuracy: isAskable ? Number(decision === truth) : null,
        top5: isAskable ? Number(ranked.slice(0, 5).includes(truth)) : null,
        loss: null,
      };
    },
  };
}

/** -log softmax(logits)[label], without ever taking the exponent of a large number. */
function crossEntropy(logits: Float32Array, label: number): number {
  const largest = logits.reduce((most, value) => Math.max(most, value), -Infinity);
  const sum = logits.reduce((total, value) => total + Math.exp(value - largest), 0);
  return Math.log(sum) + largest - logits[label]!;
}
