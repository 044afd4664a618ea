import type { Command } from '../measure/timed-run.ts';

/** A folder with `tasks` tasks that do not depend on each other; each writes one small file with its number. */
export interface Project {
  readonly dir: string;
  readonly tasks: number;
  /** How many tasks may run at a time. */
  readonly jobs: number;
}

/** A program that runs projects: ours, or a peer. */
export interface Contestant {
  readonly name: string;
  readonly version: string;
  /** Brings lost outputs back from a cache; absent where they would be made again. */
  readonly restore?: (project: Project) => Command;
  /** What a reader of its figures has to know. */
  readonly note?: string;
  /** Lays out the project's files. The folder exists and is empty. */
  readonly write: (project: Project) => void;
  /** Does whatever remains to do. */
  readonly build: (project: Project) => Command;
  /** Where task `n` leaves its file, which holds `n` and a line feed. */
  readonly output: (project: Project, n: number) => string;
  /** Of a project that was just built: what speaks against its having found everything done. */
  readonly objection?: (project: Project) => string | undefined;
}

/** Where the peers were installed. */
export interface Tools {
  /** The folder of a Python environment's programs. */
  readonly python: string;
  /** The folder of npm packages' programs. */
  readonly node: string;
  /** In place of the user's own: nothing is read from there or left there. */
  readonly home: string;
}

/** The numbers of a project's tasks. */
export function numbers({ tasks }: Project): readonly number[] {
  return Array.from({ length: tasks }, (_, n) => n);
}

/** Where the peers that let one choose have their outputs. */
export function inOut({ dir }: Project, n: number): string {
  return `${dir}/out/${n}.txt`;
}
