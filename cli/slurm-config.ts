import { usualDriver, usualLimits, usualPack } from '../engine/executors/slurm/config.ts';
import type {
  DriverSettings,
  JobSettings,
  LightPlace,
  PackSettings,
  SlurmConfig,
  SlurmLimits,
} from '../engine/executors/slurm/config.ts';

type Mapping = Readonly<Record<string, unknown>>;

const settingNames = ['time', 'mem', 'partition', 'account', 'qos', 'constraint'] as const;
const limitNames = ['submissionsPerMinute', 'queued', 'pollSeconds'] as const;

/** One GPU and four cores. */
const usualSlot: SlurmConfig['slot'] = { gpus: 1, cpus: 4 };

/** Reads `slurm:` of the configuration, or says what is wrong with it. */
export function readSlurmConfig(value: unknown): SlurmConfig | string {
  if (value === undefined || value === null)
    return {
      ...{ slot: usualSlot, settings: {}, kinds: new Map(), pack: usualPack, limits: usualLimits },
      ...{ light: undefined, lightKinds: new Map(), driver: usualDriver },
    };
  if (!isMapping(value)) return 'slurm: expected a mapping, e.g. { partition: gpu, time: 12:00:00 }';
  const { slot, kinds = {}, light, pack, limits, driver, ...rest } = value;
  const readLight = readPlace('slurm', light);
  if (typeof readLight === 'object') return readLight.problem;
  const settings = readSettings('slurm', rest, [
    ...settingNames,
    ...['flags', 'slot', 'kinds', 'light', 'pack', 'limits', 'driver'],
  ]);
  if (typeof settings === 'string') return settings;
  const readSlot = readNumbers('slurm.slot', slot, usualSlot, { gpus: 0, cpus: 1 });
  if (typeof readSlot === 'string') return readSlot;
  const readPack = readNumbers('slurm.pack', pack, usualPack, { minutes: 0 });
  if (typeof readPack === 'string') return readPack;
  const least = Object.fromEntries(limitNames.map((name) => [name, 1])) as Record<keyof SlurmLimits, number>;
  const readLimits = readNumbers('slurm.limits', limits, usualLimits, least);
  if (typeof readLimits === 'string') return readLimits;
  const readDriver = readDriverSettings(driver);
  if (typeof readDriver === 'string') return readDriver;
  if (!isMapping(kinds)) return 'slurm.kinds: expected a mapping of task kinds to settings';
  const byKind = new Map<string, JobSettings>();
  const lightKinds = new Map<string, LightPlace>();
  for (const [kind, own] of Object.entries(kinds)) {
    if (!isMapping(own)) return `slurm.kinds.${kind}: expected a mapping, e.g. { time: 24:00:00 }`;
    const { light: place, ...named } = own;
    const read = readSettings(`slurm.kinds.${kind}`, named, [...settingNames, 'flags', 'light']);
    if (typeof read === 'string') return read;
    byKind.set(kind, read);
    const ownPlace = readPlace(`slurm.kinds.${kind}`, place);
    if (typeof ownPlace === 'object') return ownPlace.problem;
    if (ownPlace !== undefined) lightKinds.set(kind, ownPlace);
  }
  return {
    slot: readSlot,
    settings,
    kinds: byKind,
    light: readLight,
    lightKinds,
    pack: readPack,
    driver: readDriver,
    limits: readLimits,
  };
}

function readDriverSettings(value: unknown): DriverSettings | string {
  if (value === undefined) return usualDriver;
  if (!isMapping(value))
    return 'slurm.driver: expected a mapping, e.g. { partition: long, time: 7-00:00:00 }';
  const { cpus = usualDriver.cpus, ...named } = value;
  const settings = readSettings('slurm.driver', named, [...settingNames, 'flags', 'cpus']);
  if (typeof settings === 'string') return settings;
  const read = readNumbers('slurm.driver', { cpus }, { cpus: usualDriver.cpus }, { cpus: 1 });
  return typeof read === 'string' ? read : { ...settings, ...read };
}

function readPlace(where: string, value: unknown): LightPlace | undefined | { readonly problem: string } {
  if (value === undefined || value === 'here' || value === 'job') return value;
  return { problem: `${where}.light: expected here (beside the driver) or job` };
}

function readSettings(where: string, value: Mapping, known: readonly string[]): JobSettings | string {
  const { flags, ...named } = value;
  const settings: Record<string, string> = {};
  for (const [name, setting] of Object.entries(named)) {
    if (!(settingNames as readonly string[]).includes(name))
      return `${where}: unknown key '${name}' (known: ${known.join(', ')}; other options of sbatch go into flags)`;
    // `time: 60` are minutes to sbatch, and a number to YAML.
    const text = typeof setting === 'number' ? String(setting) : setting;
    if (typeof text !== 'string' || text === '')
      return `${where}.${name}: expected a text, as sbatch --${name} takes it`;
    settings[name] = text;
  }
  if (flags === undefined) return settings;
  if (!isListOfOptions(flags))
    return `${where}.flags: expected a list of options that begin with --, e.g. ["--exclusive", "--mail-type=FAIL"]`;
  const [taken] = flags.filter((flag) => ours.test(flag));
  if (taken !== undefined) return `${where}.flags: ${taken} is set by sweetspot itself`;
  return { ...settings, flags };
}

/** What the run's own bookkeeping stands on. */
const ours =
  /^--(array|job-name|comment|output|error|open-mode|parsable|requeue|no-requeue|signal|wrap|wait|test-only)\b/;

function readNumbers<T extends { readonly [name: string]: number } | PackSettings | SlurmLimits>(
  where: string,
  value: unknown,
  usual: T,
  least: { readonly [K in keyof T]: number },
): T | string {
  if (value === undefined) return usual;
  const names = Object.keys(usual);
  if (!isMapping(value)) return `${where}: expected a mapping with ${names.join(', ')}`;
  for (const [name, number] of Object.entries(value)) {
    if (!names.includes(name)) return `${where}: unknown key '${name}' (known: ${names.join(', ')})`;
    const from = least[name as keyof T];
    if (typeof number !== 'number' || !Number.isInteger(number) || number < from)
      return `${where}.${name}: expected a whole number from ${from}`;
  }
  return { ...usual, ...value };
}

function isListOfOptions(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string' && /^--[a-z]/.test(each));
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
