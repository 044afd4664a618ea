import { join } from 'node:path';
import { repositoryRoot } from '../support/shared.ts';
import type { Host, Remote } from './host.ts';

const program = join(repositoryRoot, 'test/nfs/store-actor.mjs');

/** A process on a host that has a store open, and does to it what it is told, one thing at a time. */
export interface Actor {
  ask(act: string, argument?: unknown): Promise<unknown>;
  readonly process: Remote;
}

export async function actorOn(host: Host, store: string): Promise<Actor> {
  const process_ = host.start([process.execPath, program, store]);
  await process_.line('ready');
  let asked = 0;
  return {
    process: process_,
    async ask(act, argument = null) {
      asked += 1;
      process_.send(`${JSON.stringify({ number: asked, act, argument })}\n`);
      const line = await process_.line(`{"number":${asked},`);
      return (JSON.parse(line) as { readonly answer: unknown }).answer;
    },
  };
}
