import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactType } from '../../engine/contract/artifact-type.ts';
import { describedModel } from '../../vision/models/catalogue.ts';
import type { ModelConfig } from '../../vision/models/model-entry.ts';
import type { StateEntry } from '../../vision/models/network.ts';
import { FileSource } from '../../vision/weights/byte-source.ts';
import { readSafetensors } from '../../vision/weights/safetensors.ts';
import { fitStateDict } from '../../vision/weights/state-dict.ts';

/** A checkpoint: `model.json`, `model.safetensors` with torchvision's names and layouts, `masks.safetensors` where pruned. */
export const model: ArtifactType = {
  type: 'model',
  summary: 'model.json, model.safetensors (torchvision names), masks.safetensors where pruned',
  check: async (dir) => {
    let content: unknown;
    try {
      content = JSON.parse(await readFile(join(dir, 'model.json'), 'utf8'));
    } catch (error) {
      return [error instanceof Error ? error.message : String(error)];
    }
    const problems = descriptionProblems(content);
    if (problems.length > 0) return problems;
    const { model: name, classes, config } = content as CheckedDescription;
    const described = describedModel(name);
    if (described === undefined) return [`model.json names the unknown model '${name}'`];
    return await weightsProblems(
      join(dir, 'model.safetensors'),
      described.layout({ classes: classes.length, ...config }),
    );
  },
};

/** Names, types, shapes and ranges of the weights tell whether they are the model's: their bytes are not read. */
async function weightsProblems(path: string, entries: readonly StateEntry[]): Promise<readonly string[]> {
  try {
    await using file = await FileSource.open(path);
    const read = await readSafetensors(file);
    const fitted = read.kind === 'read' ? fitStateDict(read.tensors, entries) : read;
    return fitted.kind === 'fits' ? [] : [`model.safetensors: ${fitted.detail}`];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return [(error as Error).message];
  }
}

interface CheckedDescription {
  readonly model: string;
  readonly classes: readonly string[];
  readonly config: Omit<ModelConfig, 'classes'>;
}

function descriptionProblems(content: unknown): string[] {
  if (!isRecord(content)) return ['model.json is not an object'];
  const { format, model: name, classes, preprocessing, config, trained } = content;
  const checks: [boolean, string][] = [
    [format === 1, 'format is not 1'],
    [typeof name === 'string', 'model is not a name'],
    [
      Array.isArray(classes) && classes.length > 0 && classes.every((entry) => typeof entry === 'string'),
      'classes is not a list of names',
    ],
    [isPreprocessing(preprocessing), 'preprocessing lacks a field, or one has the wrong type'],
    [
      isRecord(config) && Object.values(config).every((value) => Number.isFinite(value)),
      'config is not one of a model',
    ],
    [isRecord(trained), 'trained is not an object'],
  ];
  return checks.filter(([holds]) => !holds).map(([, problem]) => `model.json: ${problem}`);
}

function isPreprocessing(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { resize, crop, interpolation, mean, std } = value;
  return (
    (resize === undefined || isSide(resize)) &&
    isSide(crop) &&
    (interpolation === 'bilinear' || interpolation === 'bicubic') &&
    isTriple(mean) &&
    isTriple(std)
  );
}

function isSide(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) > 0;
}

function isTriple(value: unknown): boolean {
  return Array.isArray(value) && value.length === 3 && value.every((entry) => typeof entry === 'number');
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
