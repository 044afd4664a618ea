import { existsSync, readFileSync } from 'node:fs';
import { findBindingPackage } from './binding-package.ts';
import {
  addonFile,
  BINDING_VERSION,
  nativeDir,
  stampFile,
  TENSORFLOW_VERSION,
  type NativeVariant,
} from './place.ts';

/** Whether TensorFlow's own libraries can compute here. */
export type NativeStatus =
  | {
      readonly kind: 'ready';
      readonly variant: NativeVariant;
      readonly version: string;
      readonly dir: string;
      readonly addon: string;
      /** Folder of the npm package with the binding's JavaScript. */
      readonly bindingPackage: string;
    }
  | {
      readonly kind: 'missing';
      readonly dir: string;
      /** Why not, as a sentence's rest. */
      readonly reason: string;
      /** What to do about it. */
      readonly hint: string;
    };

/** Facts of a finished build. */
export interface NativeStamp {
  readonly format: number;
  readonly tensorflow: string;
  readonly binding: string;
  readonly variant: NativeVariant;
  readonly compiler: string;
  readonly wheelSha256: string;
}

/** Looks for a finished build; cheap, nothing is loaded. A build with CUDA comes first, it computes without a GPU too. */
export function nativeStatus(variants: readonly NativeVariant[] = preferredVariants()): NativeStatus {
  const dir = variants
    .map((variant) => nativeDir(variant))
    .find((candidate) => readStamp(candidate) !== undefined);
  if (dir === undefined) {
    return missing(nativeDir(variants[0] ?? 'cpu'), 'it has not been set up');
  }
  const bindingPackage = findBindingPackage();
  if (bindingPackage === undefined) {
    return missing(dir, 'the npm package of its binding is not there');
  }
  const variant = readStamp(dir)!.variant;
  return { kind: 'ready', variant, version: TENSORFLOW_VERSION, dir, addon: addonFile(dir), bindingPackage };
}

function missing(dir: string, reason: string): NativeStatus {
  return { kind: 'missing', dir, reason, hint: 'run `sweetspot setup`; it says what it lacks' };
}

/** The stamp of a build, where it is whole and of our versions. */
export function readStamp(dir: string): NativeStamp | undefined {
  if (!existsSync(addonFile(dir))) return undefined;
  try {
    const stamp = JSON.parse(readFileSync(stampFile(dir), 'utf8')) as Partial<NativeStamp>;
    const ours =
      stamp.format === 1 && stamp.tensorflow === TENSORFLOW_VERSION && stamp.binding === BINDING_VERSION;
    return ours ? (stamp as NativeStamp) : undefined;
  } catch {
    return undefined;
  }
}

/** `SWEETSPOT_NATIVE=cpu` leaves a build with CUDA aside. */
function preferredVariants(): readonly NativeVariant[] {
  return process.env['SWEETSPOT_NATIVE'] === 'cpu' ? ['cpu'] : ['cuda', 'cpu'];
}
