import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { repositoryRoot } from '../support/shared.ts';
import { temporaryStore } from './support/temporary-store.ts';

const minutes = 60_000;
const actor = join(repositoryRoot, 'test/cache/support/claim-actor.mjs');

/**
 * As far apart as two hosts that share a disk: neither sees the other's processes, and both may number theirs alike. Only a
 * privileged user can make namespaces; without them the processes are as far apart as any two, which is said aloud.
 */
const apart = namespaces();

function namespaces(): readonly string[] {
  const command = ['unshare', '--pid', '--mount', '--uts', '--fork', '--kill-child', '--mount-proc'];
  try {
    execFileSync(command[0]!, [...command.slice(1), 'true'], { stdio: 'ignore' });
    return command;
  } catch {
    process.stderr.write(
      '\nCLAIMS ACROSS HOSTS ARE TESTED WITHIN ONE: this user may not make PID and mount namespaces.\n\n',
    );
    return [];
  }
}

interface Host {
  readonly child: ChildProcess;
  /** One request, one answer. */
  ask(request: string): Promise<string>;
}

async function host(store: string): Promise<Host> {
  const [program, ...args] = [...apart, process.execPath, actor, store];
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<string> => ((await lines.next()).value as string | undefined) ?? 'ended';
  expect(await answer()).toBe('ready');
  return {
    child,
    ask: (request) => {
      child.stdin.write(`${request}\n`);
      return answer();
    },
  };
}

describe('claims across hosts', () => {
  it(
    'let exactly one of two compute each of many keys',
    async () => {
      const { root } = await temporaryStore();
      const hosts = await Promise.all([host(root), host(root)]);
      const got = await Promise.all(hosts.map((each) => each.ask('race 60')));
      const [near, far] = got.map((text) => JSON.parse(text) as readonly number[]);
      const all = [...near!, ...far!].sort((a, b) => a - b);
      expect(all).toEqual([...new Set(all)]);
      expect(all).toHaveLength(60);
    },
    5 * minutes,
  );

  it(
    'outlast their owner by a silence of five minutes, by the clock of who waits, and no less',
    async () => {
      const { root } = await temporaryStore();
      const near = await host(root);
      const far = await host(root);
      expect(await near.ask('claim 1')).toBe('acquired');
      expect(await far.ask('claim 1')).toBe('held');
      // A living owner's heart beats: time passes for both.
      for (let passed = 0; passed < 10; passed += 1) {
        await near.ask('pass 60');
        await far.ask('pass 60');
        expect(await far.ask('claim 1')).toBe('held');
      }
      near.child.kill('SIGKILL');
      await once(near.child, 'exit');
      if (apart.length === 0) {
        // On one host the dead are known at once.
        expect(await far.ask('claim 1')).toBe('acquired');
        return;
      }
      expect(await far.ask('claim 1')).toBe('held');
      await far.ask('pass 290');
      expect(await far.ask('claim 1')).toBe('held');
      await far.ask('pass 20');
      expect(await far.ask('claim 1')).toBe('acquired');
    },
    5 * minutes,
  );
});
