import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { rememberedNames } from '../cache/archive/remembered-data.ts';
import type { IdentifiedData } from '../engine/keys/data-identity.ts';
import { namedFile, recordedData, recordedDataText, recordedFile } from '../engine/keys/recorded-data.ts';
import type { Plan, PlannedData } from '../engine/plan/plan.ts';
import { plural } from './progress/duration.ts';
import { registry } from './registry.ts';
import type { Workspace } from './workspace.ts';

type Stores = Pick<Workspace, 'storeDir' | 'storeBelow'>;

/** What archives in a workspace's stores told of data that is not on this machine; undefined where it is, or none did. */
export function recordedHere(
  workspace: Stores,
  wanted: { readonly study: string; readonly data: PlannedData; readonly part: string | undefined },
): IdentifiedData | undefined {
  const adapter = registry.adapters.find((each) => each.adapter === wanted.data.adapter);
  return adapter && recordedData({ stores: storesOf(workspace), adapter, ...wanted });
}

/** What people are told of data that a plan reads and that is not here, where archives tell which it was: a line for each. */
export function recordedTexts(plan: Plan, workspace: Workspace): readonly string[] {
  return [...dataTexts(plan, workspace), ...fileTexts(plan, workspace)];
}

function dataTexts(plan: Plan, workspace: Workspace): readonly string[] {
  const texts: string[] = [];
  const said = new Set<string>();
  for (const { inputs } of plan.tasks.values()) {
    for (const input of Object.values(inputs)) {
      const data = input.kind === 'data' ? plan.data.get(input.data) : undefined;
      if (input.kind !== 'data' || data === undefined || said.has(data.name)) continue;
      said.add(data.name);
      const found = recordedHere(workspace, { study: plan.study, data, part: input.part });
      if (found?.recorded === undefined) continue;
      texts.push(recordedDataText(found.digest, found.recorded));
    }
  }
  return texts;
}

function fileTexts({ study, file }: Plan, workspace: Workspace): readonly string[] {
  const names = rememberedNames(storesOf(workspace), { study, adapter: namedFile('').adapter });
  const [first, ...more] = names.filter((name) => !existsSync(resolve(dirname(file), name)));
  const found =
    first === undefined ? undefined : recordedFile({ stores: storesOf(workspace), study, name: first });
  if (first === undefined || found === undefined) return [];
  const { digest, archive } = found;
  return [
    more.length === 0
      ? `the file ${first} is not on this machine: its SHA-256 (${digest.slice(0, 12)}…) is taken from archive ${archive}`
      : `${first} and ${plural(more.length, 'file')} more are not on this machine: their SHA-256 are taken from archive ${archive}`,
  ];
}

function storesOf({ storeDir, storeBelow }: Stores): readonly string[] {
  return storeBelow === undefined ? [storeDir] : [storeDir, storeBelow];
}
