import type { Contestant, Tools } from './contestant.ts';
import { doit } from './doit.ts';
import { dvc } from './dvc.ts';
import { installPeers } from './install.ts';
import { make } from './make.ts';
import { ninja } from './ninja.ts';
import { nx } from './nx.ts';
import { snakemake } from './snakemake.ts';
import { turbo } from './turbo.ts';
import { wireit } from './wireit.ts';

const peers: { readonly [name: string]: (tools: Tools) => Contestant } = {
  make,
  ninja,
  doit,
  snakemake,
  nx,
  wireit,
  turbo,
  dvc,
};

/** The peers that are asked for: `all`, `none`, or names with commas between. Installs them where they are not there. */
export function peersNamed(text: string): readonly Contestant[] {
  if (text === 'none') return [];
  const names = text === 'all' ? Object.keys(peers) : text.split(',');
  const unknown = names.filter((name) => !Object.hasOwn(peers, name));
  if (unknown.length > 0) {
    throw new Error(`no peer is named '${unknown.join(', ')}': there are ${Object.keys(peers).join(', ')}`);
  }
  const tools = installPeers();
  return names.map((name) => peers[name]!(tools));
}
