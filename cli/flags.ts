// What commander hands to each command: its options, camel-cased.

/** Flags of every command that reads a study. */
export interface StudyFlags {
  readonly param: readonly string[];
  readonly data: readonly string[];
  readonly smoke?: boolean;
  readonly cache?: string;
  readonly readOnly?: boolean;
  /** The one remote that is used; false under `--no-remote`. Default: all. */
  readonly remote?: string | boolean;
}

export interface StoreFlags {
  readonly cache?: string;
  readonly json?: boolean;
}

export interface StatusFlags extends StoreFlags {
  readonly watch?: boolean;
  readonly plain?: boolean;
}

export interface RunChoiceFlags extends StoreFlags {
  readonly run?: string;
}

export interface LogFlags extends RunChoiceFlags {
  readonly follow?: boolean;
  readonly attempt?: string;
  readonly all?: boolean;
  /** False under `--no-pager`. */
  readonly pager?: boolean;
}

export interface LsFlags extends RunChoiceFlags {
  readonly study?: string;
  /** Separated by commas. */
  readonly state?: string;
  readonly limit?: string;
  readonly all?: boolean;
}

export interface DebugFlags extends RunChoiceFlags, MachineFlags {
  readonly keep?: boolean;
  readonly into?: string;
}

export interface InitFlags extends StoreFlags {
  readonly shared?: boolean;
  readonly group?: string;
  readonly signed?: boolean;
  /** A size, or `none`. */
  readonly quota?: string;
}

export interface TransferFlags extends StudyFlags {
  readonly only?: readonly string[];
}

export interface ImportFlags extends StoreFlags {
  readonly dryRun?: boolean;
  /** A folder for the study's files. */
  readonly into?: string;
}

export interface AdoptFlags {
  readonly pattern?: string;
  readonly model?: string;
  /** Names of the classes, separated by commas, or a file with one a line. */
  readonly classes?: string;
  readonly masks?: 'none' | 'file' | 'zeros';
  readonly key?: string;
  readonly by?: string;
  readonly fact: readonly string[];
  /** A table of what is stated of each file. */
  readonly stated?: string;
  /** The study that is written. */
  readonly out?: string;
  readonly dryRun?: boolean;
  readonly cache?: string;
}

export interface GcFlags extends StoreFlags {
  readonly maxSize?: string;
  readonly olderThan?: string;
  readonly study?: string;
  readonly keepRuns: string;
  readonly dryRun?: boolean;
  readonly now?: boolean;
}

export interface MachineFlags {
  readonly slots?: string;
  readonly backend?: 'tensorflow' | 'wasm' | 'cpu';
}

export interface SetupFlags {
  /** With or without the CUDA libraries; absent: with them where an NVIDIA driver runs. */
  readonly backend?: 'cpu' | 'cuda';
}

export interface DataFetchFlags {
  /** The folder that holds data sets. */
  readonly into: string;
  readonly url?: string;
  readonly sha256?: string;
}

export interface DoctorFlags extends StoreFlags, MachineFlags {
  readonly data: readonly string[];
}

export interface PlanFlags extends StudyFlags, MachineFlags {
  readonly graph?: 'mermaid' | 'dot' | 'json';
  readonly all?: boolean;
  readonly json?: boolean;
  readonly only?: readonly string[];
}

export interface RunFlags extends StudyFlags, MachineFlags {
  readonly executor?: 'local' | 'slurm';
  readonly detach?: boolean;
  readonly only: readonly string[];
  readonly out?: string;
  readonly failFast?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly plain?: boolean;
  readonly locked?: boolean;
  readonly writeLock?: boolean;
  readonly reportEvery?: string;
}

export interface DiffFlags extends StoreFlags {
  /** Where the page goes. */
  readonly page?: string;
  /** The store that the first run is recorded in, where it is another. */
  readonly beforeCache?: string;
  readonly all?: boolean;
}

export interface UiFlags extends StoreFlags {
  readonly port: string;
  readonly host: string;
}

export interface ReportFlags extends StudyFlags {
  readonly only?: readonly string[];
  readonly out?: string;
}

export interface RerunFlags extends StudyFlags, MachineFlags {
  readonly rerun?: boolean;
  readonly sample?: string;
  readonly json?: boolean;
}

export interface LockFlags extends StudyFlags {
  readonly check?: boolean;
  readonly json?: boolean;
}
