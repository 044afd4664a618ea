import type { Host, User } from './host.ts';

/** Two sources, which wait until `go` is said to them, two made of one each, and a sum. */
export const allTasks: readonly string[] = ['m0', 'm1', 's0', 's1', 'sum'];

const text = ['study: hosts', 'tasks:', ...tasks()].join('\n');

function* tasks(): Generator<string> {
  for (const n of [0, 1]) {
    const wait = 'until [ -e "$STORE-go" ]; do sleep 0.2; done';
    yield task(`s${n}`, `${wait}; echo s${n} > out.txt`, []);
    yield task(`m${n}`, 'tr a-z A-Z < inputs/s/out.txt > out.txt', [`s: "\${{ s${n}.out }}"`]);
  }
  yield task('sum', 'cat inputs/*/out.txt > out.txt', ['m0: "${{ m0.out }}"', 'm1: "${{ m1.out }}"']);
}

/** Each execution appends its name to the file `marks` of its host. */
function task(name: string, work: string, inputs: readonly string[]): string {
  const fields = [
    `run: [sh, -ec, ${JSON.stringify(`echo ${name} >> "$MARKS"; ${work}`)}]`,
    'env: { MARKS: /run/NAME/marks, STORE: /mnt/NAME }',
    `inputs: { ${inputs.join(', ')} }`,
    'outputs: { out: { type: files, path: out.txt } }',
  ];
  return `  ${name}: { uses: command, with: { ${fields.join(', ')} } }`;
}

/** Gives a host, or one of its users, the study in `/run/NAME`, for a store at `/mnt/NAME`. */
export async function checkout(host: Host, name: string, user?: User): Promise<void> {
  await host.write(`/run/${name}/study.yaml`, text.replaceAll('NAME', name));
  if (user === undefined) return;
  await host.run(['chown', '-R', `${user.uid}:${user.gid}`, `/run/${name}`]);
}

/** Lets the sources of all hosts go on, now and later. */
export async function go(host: Host, name: string): Promise<void> {
  await host.run(['touch', `/mnt/${name}-go`]);
}

export async function executionsIn(host: Host, name: string): Promise<readonly string[]> {
  const { stdout } = await host.run(['sh', '-c', `cat /run/${name}/marks 2> /dev/null || true`]);
  return stdout.split('\n').filter((line) => line !== '');
}
