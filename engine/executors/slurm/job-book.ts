import { open, readFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskKey } from '../../../cache/digest.ts';
import { makeFolder, share } from '../../../cache/local/store-folder.ts';
import type { Sharing } from '../../../cache/store.ts';
import { openLine, sealLine } from '../../run/sealed-line.ts';

/** An array that was, or was about to be, submitted. */
export interface BookedBatch {
  readonly batch: string;
  readonly elements: readonly BookedElement[];
  /** Its time limit was only guessed. */
  readonly isGuessed: boolean;
  /** Undefined where the driver died between asking for it and hearing its number. */
  readonly jobId: string | undefined;
}

export interface BookedElement {
  /** Of the parts that it begins with. */
  readonly keys: readonly TaskKey[];
  /** How many parts come after them, whose keys are known when what they read is made. */
  readonly followers: number;
}

type Line =
  | {
      readonly kind: 'submitting';
      readonly batch: string;
      readonly keys: readonly TaskKey[];
      /** How many of the keys each element has; absent where each has one. */
      readonly sizes?: readonly number[];
      /** How many parts more each element has; absent where none has any. */
      readonly followers?: readonly number[];
      readonly guessed?: true;
    }
  | { readonly kind: 'submitted'; readonly batch: string; readonly jobId: string };

/** What a run has submitted, on disk before anything waits for it: whoever comes after a dead driver finds its jobs. */
export class JobBook implements AsyncDisposable {
  readonly #file: FileHandle;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async open(dir: string, sharing: Sharing): Promise<JobBook> {
    await makeFolder(dir, sharing);
    const file = await open(bookFile(dir), 'a');
    await share(bookFile(dir), { sharing }, 0o644);
    return new JobBook(file);
  }

  submitting({ batch, elements, isGuessed }: Omit<BookedBatch, 'jobId'>): Promise<void> {
    const sizes = elements.map(({ keys }) => keys.length);
    const followers = elements.map((element) => element.followers);
    return this.#write({
      ...{ kind: 'submitting', batch, keys: elements.flatMap(({ keys }) => keys) },
      ...(sizes.every((size) => size === 1) ? {} : { sizes }),
      ...(followers.every((count) => count === 0) ? {} : { followers }),
      ...(isGuessed ? { guessed: true } : {}),
    });
  }

  submitted(batch: string, jobId: string): Promise<void> {
    return this.#write({ kind: 'submitted', batch, jobId });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }

  async #write(line: Line): Promise<void> {
    await this.#file.appendFile(`${sealLine(line)}\n`);
    await this.#file.sync();
  }
}

/** What a run had booked; empty for one that submitted nothing. Damaged and torn lines are passed over. */
export async function readBook(dir: string): Promise<readonly BookedBatch[]> {
  const text = await readFile(bookFile(dir), 'utf8').catch(() => '');
  const batches = new Map<string, BookedBatch>();
  for (const each of text.split('\n')) {
    const line = openLine(each) as Line | undefined;
    if (line?.kind === 'submitting') batches.set(line.batch, bookedBy(line));
    const begun = line?.kind === 'submitted' ? batches.get(line.batch) : undefined;
    if (line?.kind === 'submitted' && begun !== undefined)
      batches.set(line.batch, { ...begun, jobId: line.jobId });
  }
  return [...batches.values()];
}

function bookedBy(line: Extract<Line, { readonly kind: 'submitting' }>): BookedBatch {
  const { batch, keys, followers = [], guessed = false } = line;
  const sizes: readonly number[] = line.sizes ?? keys.map(() => 1);
  let from = 0;
  const elements = sizes.map((size, index) => {
    return { keys: keys.slice(from, (from += size)), followers: followers[index] ?? 0 };
  });
  return { batch, elements, isGuessed: guessed, jobId: undefined };
}

function bookFile(dir: string): string {
  return join(dir, 'book.jsonl');
}
