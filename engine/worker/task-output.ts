import { fstatSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/** A log longer than this keeps its beginning and its end. */
const longestLogBytes = 1_000_000;

/** What TensorFlow says at every start, whatever happens. */
const chatter: readonly RegExp[] = [
  /oneDNN custom operations are on/,
  /This TensorFlow binary is optimized to use available CPU instructions/,
  /To enable the following instructions: .*rebuild TensorFlow/,
  /All log messages before absl::InitializeLog\(\) is called/,
  /Unable to register cu(DNN|BLAS|FFT) factory/,
  /MLIR V1 optimization pass is not enabled/,
  /Hi, looks like you are running TensorFlow\.js/,
  /^={20,}$/,
];

/**
 * The process's stdout and stderr as one file, of which a task's share is what came between its begin and its end: this
 * takes in what native code writes, and it outlives the driver.
 */
export class ProcessOutput {
  readonly path: string;
  readonly #file: FileHandle;
  #from = 0;

  private constructor(path: string, file: FileHandle) {
    this.path = path;
    this.#file = file;
  }

  static async open(path: string): Promise<ProcessOutput> {
    return new ProcessOutput(path, await open(path, 'a+'));
  }

  begin(): void {
    this.#from = fstatSync(this.#file.fd).size;
  }

  /** Byte at which the share of the task in hand begins. */
  get from(): number {
    return this.#from;
  }

  /** What was written since `begin`, without the chatter; an empty text where there was nothing. */
  async end(): Promise<string> {
    const { size } = fstatSync(this.#file.fd);
    if (size === this.#from) return '';
    const length = size - this.#from;
    const half = Math.floor(longestLogBytes / 2);
    const text =
      length <= longestLogBytes
        ? await this.#read(this.#from, length)
        : `${await this.#read(this.#from, half)}\n… ${length - 2 * half} bytes left out …\n${await this.#read(size - half, half)}`;
    return withoutChatter(text);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #read(position: number, length: number): Promise<string> {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await this.#file.read(buffer, 0, length, position);
    return buffer.toString('utf8', 0, bytesRead);
  }
}

/** A log without what TensorFlow always says. */
export function withoutChatter(text: string): string {
  return text
    .split('\n')
    .filter((line) => !chatter.some((pattern) => pattern.test(line)))
    .join('\n')
    .replace(/^\n+/, '');
}
