/** What the path of a published stimulus says. */
export interface Stimulus {
  readonly session: string;
  readonly fileName: string;
  /** Absent where the set has no conditions. */
  readonly condition?: string;
  readonly category: string;
}

/**
 * Reads `…/session-N/NNNN_set_subject_CONDITION_CATEGORY_…`: of the file name's parts at `_`, [3] is the condition and
 * [4] the category. Undefined where the name has fewer parts.
 */
export function readFileName(path: string): Stimulus | undefined {
  const { folder, fileName } = lastParts(path);
  const [, , , condition, category] = fileName.split('_');
  if (condition === undefined || category === undefined) return undefined;
  return { session: folder, fileName, condition, category };
}

/** Reads `…/CATEGORY/FILE`, as edge, silhouette and cue-conflict lie. */
export function readFolderName(path: string): Stimulus | undefined {
  const { folder, fileName } = lastParts(path);
  return folder === '' ? undefined : { session: 'session-1', fileName, category: folder };
}

/**
 * The texture's category of a cue-conflict stimulus: `bird2-clock3.png` has the shape of a bird and the texture of a
 * clock. Undefined where the name has no second part.
 */
export function textureOf(fileName: string): string | undefined {
  const name = fileName
    .split('_')
    .at(-1)!
    .replace(/\.[^.]*$/, '');
  const texture = name.split('-')[1];
  return texture === undefined ? undefined : texture.replace(/[0-9]+$/, '');
}

/**
 * What an image is called whoever saw it: the name without the trial's number, session and condition. Of the parts at
 * `_` the last, with the one before it where that is a synset's: `…_40_n02951358_5952.JPEG` is `n02951358_5952.JPEG`,
 * `0001_edg_s01_0_oven_00_oven10.png` is `oven10.png`. model-vs-human matches observers by it.
 */
export function imageIdOf(fileName: string): string {
  const [before, last] = fileName.split('_').slice(-2);
  if (last === undefined) return fileName;
  return before!.startsWith('n0') ? `${before}_${last}` : last;
}

/** Conditions that are the same number or differ in case become the same text: `0.10` and `.1` are `0.1`, `True` is `true`. */
export function normaliseCondition(condition: string): string {
  const number = Number(condition);
  return condition.trim() !== '' && Number.isFinite(number) ? String(number) : condition.toLowerCase();
}

function lastParts(path: string): { readonly folder: string; readonly fileName: string } {
  const parts = path.split('/');
  return { folder: parts.at(-2) ?? '', fileName: parts.at(-1)! };
}
