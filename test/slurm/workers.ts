import { readFile, readdir } from 'node:fs/promises';

/** Processes of this machine that compute for a workspace, as jobs. */
export async function workersOf(dir: string): Promise<readonly number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    const isWorker = command.startsWith(process.execPath) && command.includes(`${dir}/.sweetspot/runs/`);
    if (/^\d+$/.test(name) && isWorker) found.push(Number(name));
  }
  return found;
}

/** As a node that loses its power: what watches over the workers goes first, so that nobody tells how they ended. */
export async function killWorkersOf(dir: string): Promise<void> {
  for (const worker of await workersOf(dir)) {
    const overseer = await parentOf(worker);
    const name = await readFile(`/proc/${overseer}/comm`, 'utf8');
    if (name.trim() !== 'slurmstepd') throw new Error(`worker ${worker} is a child of ${name}`);
    for (const pid of [overseer, ...(await descendantsOf(overseer))]) process.kill(pid, 'SIGKILL');
  }
}

async function parentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]);
}

async function descendantsOf(pid: number): Promise<readonly number[]> {
  const children: number[] = [];
  for (const thread of await readdir(`/proc/${pid}/task`)) {
    const text = await readFile(`/proc/${pid}/task/${thread}/children`, 'utf8');
    children.push(...text.split(' ').filter(Boolean).map(Number));
  }
  const further = await Promise.all(children.map(descendantsOf));
  return [...children, ...further.flat()];
}
