import { statSync } from 'node:fs';
import type { StopReason } from '../contract/task-context.ts';
import { kernelMemoryKills, recentKernelMemoryKills } from './kernel-memory.ts';
import { Programs, memoryOf, useOf } from './programs.ts';
import type { JobLimits } from './protocol.ts';

export interface GuardRequest {
  /** Where the job's programs work. */
  readonly dir: string;
  readonly limits: JobLimits;
  /** Where what they write comes to lie. */
  readonly outputFile: string;
  /** The programs have shown a sign of life. */
  readonly onSign: () => void;
  readonly stop: (reason: StopReason) => void;
}

/** How often is looked where a limit is set, and where only the peak is kept. */
const limitedLookMs = 1_000;
const unlimitedLookMs = 2_000;

/**
 * Looks after a job from within its worker: what its programs hold of memory, whether they still do something, and, when
 * there is no driver any more to do it, how long they take.
 */
export class JobGuard implements Disposable {
  readonly #request: GuardRequest;
  #programs: Programs | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #beganMs: number = performance.now();
  readonly #killsBefore: number = recentKernelMemoryKills();
  #peakBytes = 0;
  #lastSign = '';

  constructor(request: GuardRequest) {
    this.#request = request;
    const { memoryBytes, stallMs, timeoutMs } = request.limits;
    const isLimited = [memoryBytes, stallMs, timeoutMs].some((limit) => limit !== undefined);
    this.#timer = setInterval(() => this.#look(), isLimited ? limitedLookMs : unlimitedLookMs);
    this.#timer.unref();
  }

  /** The most that was seen. */
  get peakBytes(): number {
    return this.#peakBytes;
  }

  /** Whether the kernel has killed for want of memory meanwhile. */
  get kernelRanOutOfMemory(): boolean {
    return kernelMemoryKills() > this.#killsBefore;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const { limits, stop, onSign, outputFile } = this.#request;
    const programs = (this.#programs ??= new Programs([`${this.#request.dir}/`]));
    const living = programs.living();
    const { bytes, ticks } = useOf(living);
    const held = living.length > 0 ? bytes : ownMemory();
    this.#peakBytes = Math.max(this.#peakBytes, held);
    const { memoryBytes, timeoutMs } = limits;
    if (memoryBytes !== undefined && held > memoryBytes) {
      // At once: what leaks goes on leaking while it is asked to stop.
      programs.kill();
      stop({ kind: 'out-of-memory', peakBytes: this.#peakBytes, limitBytes: memoryBytes });
    }
    if (timeoutMs !== undefined && !process.connected && performance.now() - this.#beganMs > timeoutMs) {
      stop({ kind: 'timeout', afterMs: timeoutMs });
    }
    if (limits.stallMs === undefined || living.length === 0) return;
    const sign = `${ticks} ${statSync(outputFile, { throwIfNoEntry: false })?.size ?? 0}`;
    if (sign !== this.#lastSign) onSign();
    this.#lastSign = sign;
  }
}

function ownMemory(): number {
  try {
    return memoryOf(process.pid);
  } catch {
    return process.memoryUsage.rss();
  }
}
