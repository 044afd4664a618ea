/** One of the 17 out-of-distribution sets of model-vs-human (Geirhos et al. 2021, table 1). */
export interface OodSet {
  readonly name: string;
  /** Images in the published set. */
  readonly images: number;
  /** Conditions as `normaliseCondition` writes them, from the mildest to the hardest; empty where there are none. */
  readonly conditions: readonly string[];
  /**
   * Conditions that the benchmark leaves out: images that are not distorted, and conditions in which people are right on less than
   * a fifth (model-vs-human, `EXCLUDE_CONDITIONS`).
   */
  readonly notInBenchmark: readonly string[];
  /** Mean accuracy over the published human observers, 0..1. */
  readonly humanAccuracy: number;
  /** Where an image's condition and category stand: in the file's name or in its folder's. */
  readonly layout: 'file-name' | 'folder';
}

/** All 17 sets, in model-vs-human's order. */
export const oodSets: readonly OodSet[] = [
  folderSet('edge', 160, 0.8713),
  folderSet('silhouette', 160, 0.7531),
  folderSet('cue-conflict', 1280, 0.7755),
  set('colour', 1280, 0.8977, ['*cr', 'bw']),
  set('contrast', 1280, 0.5467, ['*c100', 'c50', 'c30', 'c15', 'c10', 'c05', '*c03', '*c01']),
  set('high-pass', 1280, 0.4643, ['*inf', '3', '1.5', '1', '0.7', '*0.55', '*0.45', '*0.4']),
  set('low-pass', 1280, 0.5609, ['*0', '1', '3', '5', '7', '10', '*15', '*40']),
  set('phase-scrambling', 1120, 0.5511, ['*0', '30', '60', '90', '120', '*150', '*180']),
  set('power-equalisation', 1120, 0.8297, ['*0', 'pow']),
  set('false-colour', 1120, 0.8882, ['*true', 'false']),
  set('rotation', 1280, 0.8451, ['*0', '90', '180', '270']),
  set('eidolonI', 1280, 0.5033, eidolon('10', ['*1', '2', '4', '8', '16', '32', '*64', '*128'])),
  set('eidolonII', 1280, 0.4203, eidolon('3', ['*1', '2', '4', '8', '16', '*32', '*64', '*128'])),
  set('eidolonIII', 1280, 0.39, eidolon('0', ['*1', '2', '4', '8', '*16', '*32', '*64', '*128'])),
  set('uniform-noise', 1280, 0.5537, ['*0', '0.03', '0.05', '0.1', '0.2', '0.35', '*0.6', '*0.9']),
  set('sketch', 800, 0.9163, []),
  set('stylized', 800, 0.4713, []),
];

export function oodSetNamed(name: string): OodSet | undefined {
  return oodSets.find((each) => each.name === name);
}

/** A star marks a condition that the benchmark leaves out. */
function set(name: string, images: number, humanAccuracy: number, marked: readonly string[]): OodSet {
  return {
    name,
    images,
    conditions: marked.map((condition) => condition.replace('*', '')),
    notInBenchmark: marked.filter((condition) => condition.startsWith('*')).map((each) => each.slice(1)),
    humanAccuracy,
    layout: 'file-name',
  };
}

function folderSet(name: string, images: number, humanAccuracy: number): OodSet {
  return { name, images, conditions: [], notInBenchmark: [], humanAccuracy, layout: 'folder' };
}

/** Reach and coherence vary, grain is fixed at 10: `reach-coherence-grain`. */
function eidolon(coherence: string, reaches: readonly string[]): readonly string[] {
  return reaches.map((reach) => `${reach}-${coherence}-10`);
}
