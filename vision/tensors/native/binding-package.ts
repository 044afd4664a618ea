import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { BINDING_PACKAGE, BINDING_VERSION, fetchedPackages } from './place.ts';

/**
 * Folder of the npm package with the binding: from our own dependencies, or, where its failing install script made npm drop
 * it, from the user's cache folder. Undefined where neither has it.
 */
export function findBindingPackage(): string | undefined {
  return installedPackage() ?? fetchedPackage();
}

function installedPackage(): string | undefined {
  try {
    const file = createRequire(import.meta.url).resolve(`${BINDING_PACKAGE}/package.json`);
    return isRightVersion(file) ? dirname(file) : undefined;
  } catch {
    return undefined;
  }
}

function fetchedPackage(): string | undefined {
  const dir = join(fetchedPackages(), 'node_modules', BINDING_PACKAGE);
  const file = join(dir, 'package.json');
  return existsSync(file) && isRightVersion(file) ? dir : undefined;
}

function isRightVersion(file: string): boolean {
  const content = JSON.parse(readFileSync(file, 'utf8')) as { version?: unknown };
  return content.version === BINDING_VERSION;
}
