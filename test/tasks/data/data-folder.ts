import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach } from 'vitest';
import type { Digest } from '../../../cache/digest.ts';
import type { JsonObject } from '../../../cache/json.ts';
import type { DataAdapter } from '../../../engine/contract/data-adapter.ts';
import type { InputData } from '../../../engine/contract/task-context.ts';
import { dataAdapters } from '../../../tasks/data/registry.ts';

/** A temporary folder for the data set of each test, and what the engine would make of it. */
export interface DataFolder {
  readonly root: () => string;
  /** Writes an image of 8 x 6 pixels; JPEG, or PNG by its name. */
  readonly picture: (path: string, level?: number) => Promise<void>;
  readonly file: (path: string, content: string | Uint8Array) => Promise<void>;
  /** What the engine hands to a task: the listed files as they are now. */
  readonly input: (
    name: string,
    options: JsonObject,
    given?: { readonly part?: string; readonly from?: string },
  ) => Promise<InputData>;
  readonly listed: (name: string, options: JsonObject, part?: string) => Promise<readonly string[]>;
  /** Message and hint of a folder that is not what the adapter expects. */
  readonly refused: (name: string, options: JsonObject) => Promise<string>;
}

export function adapterNamed(name: string): DataAdapter {
  return dataAdapters.find((each) => each.adapter === name)!;
}

export function dataFolder(): DataFolder {
  let root = '';
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'sweetspot-data-'));
  });
  afterEach(async () => {
    await rm(root, { recursive: true });
  });
  const input: DataFolder['input'] = async (name, options, { part, from = root } = {}) => {
    const listing = await adapterNamed(name).list({ root: from, options, part });
    if (listing.kind !== 'listed') throw new Error(listing.message);
    const files = [];
    for (const path of listing.paths) {
      const { size, mtimeMs } = await stat(join(from, path));
      files.push({ path, size, mtimeMs });
    }
    const digest = `sha256:${String(files.length)}` as Digest;
    return { adapter: name, options, root: from, part, digest, facts: {}, files };
  };
  return {
    root: () => root,
    picture: async (path, level = 100) => {
      await mkdir(dirname(join(root, path)), { recursive: true });
      const background = { r: level, g: 0, b: 0 };
      const image = sharp({ create: { width: 8, height: 6, channels: 3, background } });
      await (path.endsWith('.png') ? image.png() : image.jpeg()).toFile(join(root, path));
    },
    file: async (path, content) => {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    },
    input,
    listed: async (name, options, part) =>
      (await input(name, options, part === undefined ? {} : { part })).files.map(({ path }) => path),
    refused: async (name, options) => {
      const listing = await adapterNamed(name).list({ root, options, part: undefined });
      if (listing.kind === 'listed') throw new Error('it was listed');
      return [listing.message, listing.hint].join(' | ');
    },
  };
}
