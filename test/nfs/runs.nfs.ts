import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tasksWith } from '../end-to-end/runs.ts';
import type { Host, Remote, User } from './host.ts';
import { openLab } from './lab.ts';
import type { Lab } from './lab.ts';
import { allTasks, checkout, executionsIn, go } from './studies.ts';

let lab: Lab;
let hosts: readonly [Host, Host];

beforeAll(async () => {
  lab = await openLab();
  hosts = await Promise.all([lab.boot('near'), lab.boot('far')]);
});
afterAll(() => lab[Symbol.asyncDispose]());

function run(host: Host, folder: string, user?: User): Remote {
  const args = ['run', 'study.yaml', '--json', '--cache', `/mnt/${folder}`];
  return host.sweetspot(args, { cwd: `/run/${folder}`, ...(user === undefined ? {} : { user }) });
}

async function ends(remote: Remote): Promise<readonly [number | null, string]> {
  const { code, stderr } = await remote.finished;
  return [code, stderr];
}

describe('runs of two hosts with one store on NFS', () => {
  it('execute each task once, though both have looked for its result in vain, and then none', async () => {
    const [near, far] = hosts;
    for (const host of hosts) await checkout(host, 'both');
    const first = run(near, 'both');
    await first.line('task-started');
    const second = run(far, 'both');
    await second.line('task-waiting');
    await go(near, 'both');
    expect([await ends(first), await ends(second)]).toEqual([
      [0, ''],
      [0, ''],
    ]);
    const executed = (await Promise.all(hosts.map((host) => executionsIn(host, 'both')))).flat();
    expect(executed.toSorted()).toEqual(allTasks);
    for (const host of hosts) {
      const again = await run(host, 'both').finished;
      expect([again.code, again.stderr, tasksWith(again.stdout, 'task-done')]).toEqual([0, '', []]);
    }
  });

  it('wait while its server is away, and go on when it comes back', async () => {
    const [near] = hosts;
    await checkout(near, 'away');
    const running = run(near, 'away');
    await running.line('task-started');
    await lab.crash();
    await go(near, 'away');
    expect(await ends(running)).toEqual([0, '']);
    expect((await executionsIn(near, 'away')).toSorted()).toEqual(allTasks);
  });

  it('end with the reason when its server has no room, and go on when it has', async () => {
    const [near] = hosts;
    await checkout(near, 'full');
    const running = run(near, 'full');
    await running.line('task-started');
    lab.disk.fill();
    await go(near, 'full');
    const { code, stdout, stderr } = await running.finished;
    lab.disk.empty();
    expect(code, stdout + stderr).toBe(3);
    expect(stdout + stderr).toContain('ENOSPC');
    expect(await ends(run(near, 'full'))).toEqual([0, '']);
    const verified = await near.sweetspot(['cache', 'verify', '--cache', '/mnt/full'], { cwd: '/run/full' })
      .finished;
    expect(verified.code, verified.stdout + verified.stderr).toBe(0);
  });

  it('serve two users on two hosts, with the strictest umask', async () => {
    const group = 100;
    const users = [1, 2].map((uid) => ({ uid, gid: uid, groups: [group] }));
    const [near, far] = hosts;
    await near.run(['sh', '-c', `mkdir /mnt/team && chgrp ${group} /mnt/team && chmod 2770 /mnt/team`]);
    for (const [index, host] of hosts.entries()) await checkout(host, 'team', users[index]);
    await go(near, 'team');
    const init = ['cache', 'init', '--shared', '/mnt/team', '--group', String(group)];
    expect(await ends(near.sweetspot(init, { cwd: '/run/team', user: users[0]! }))).toEqual([0, '']);
    expect(await ends(run(near, 'team', users[0]))).toEqual([0, '']);
    expect(await ends(run(far, 'team', users[1]))).toEqual([0, '']);
    const executed = await Promise.all(hosts.map((host) => executionsIn(host, 'team')));
    expect(executed.map(({ length }) => length)).toEqual([allTasks.length, 0]);
  });
});
