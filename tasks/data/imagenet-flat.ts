import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '../../cache/json.ts';
import type { Listing } from '../../engine/contract/data-adapter.ts';
import { type ImageNetLabels, type LabelForm, labelForms, stem } from '../../vision/data/imagenet-labels.ts';
import { filesIn, imagesIn } from './folders.ts';
import { withoutExcluded } from './image-options.ts';
import { optionalNumber, optionalTexts } from './options.ts';
import { takeSpread } from './take-spread.ts';

/** Where label files lie, seen from the root; the folder of the images comes last. */
const labelFolders = ['', 'ILSVRC2012_devkit_t12/data'];

/** Validation images in one folder, with their labels in a text file, which is listed as well. */
export async function listFlatValidation(request: {
  readonly root: string;
  /** From the root to the folder of the images. */
  readonly folders: readonly string[];
  readonly options: JsonObject;
}): Promise<Listing> {
  const { root, folders, options } = request;
  const folder = folders.join('/');
  const images = (await imagesIn(join(root, folder))) ?? [];
  if (images.length === 0) return { kind: 'unusable', message: `no images in ${join(root, folder)}` };
  const source = await findLabels(root, folder);
  if (source === undefined)
    return {
      kind: 'unusable',
      message: `${join(root, folder)} has no class folders, and no file with its labels is in ${root}`,
      hint: `expected one of ${labelForms.map(({ file }) => file).join(', ')}`,
    };
  const labels = await labelsFrom(source, (path) => readFile(join(root, path), 'utf8')).catch(
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  if (typeof labels === 'string')
    return { kind: 'unusable', message: `${join(root, source.labels)}: ${labels}`, ...missingKey(source) };
  const without = images.find((image) => !labels.has(stem(image)));
  if (without !== undefined)
    return { kind: 'unusable', message: `${join(root, source.labels)} has no label of ${without}` };
  const classes = optionalTexts(options, 'classes');
  const wanted = withoutExcluded(
    images
      .filter((image) => classes?.includes(labels.get(stem(image))!) ?? true)
      .map((image) => `${folder}/${image}`),
    options,
  );
  if (wanted.kind === 'unusable') return wanted;
  const paths = takeSpread(wanted.paths, optionalNumber(options, 'limit') ?? wanted.paths.length);
  return { kind: 'listed', paths: [...filesOf(source), ...paths] };
}

/** A file of labels and the file that says what its numbers mean, as paths under the root. */
export interface LabelSource {
  readonly form: LabelForm;
  readonly labels: string;
  readonly key: string | undefined;
}

/** Which of some paths are a file of labels and its key; undefined where none is. */
export function labelSourceAmong(paths: readonly string[]): LabelSource | undefined {
  const named = (name: string): string | undefined =>
    paths.find((path) => path === name || path.endsWith(`/${name}`));
  for (const form of labelForms) {
    const labels = named(form.file);
    if (labels === undefined) continue;
    const key = form.keys.map(named).find((path) => path !== undefined);
    return { form, labels, key };
  }
  return undefined;
}

export async function labelsFrom(
  { form, labels, key }: LabelSource,
  read: (path: string) => Promise<string>,
): Promise<ImageNetLabels> {
  return form.read(await read(labels), key === undefined ? undefined : await read(key));
}

function filesOf({ labels, key }: LabelSource): readonly string[] {
  return key === undefined ? [labels] : [labels, key];
}

async function findLabels(root: string, folder: string): Promise<LabelSource | undefined> {
  const paths: string[] = [];
  for (const place of [...labelFolders, folder]) {
    const names = (await filesIn(join(root, place))) ?? [];
    paths.push(...names.filter((name) => /\.(?:txt|csv)$/.test(name)).map((name) => join(place, name)));
  }
  return labelSourceAmong(paths);
}

function missingKey({ form, key }: LabelSource): { hint?: string } {
  if (key !== undefined || form.keys.length === 0) return {};
  return { hint: `its numbers need one of ${form.keys.join(', ')} beside it` };
}
