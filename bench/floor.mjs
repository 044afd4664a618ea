// What Node itself needs for tasks such as the benches': spawn a shell, read and hash what it wrote, add a synced line to
// a journal. Nothing that runs commands from Node and remembers what they made can be much faster.
// Arguments: how many tasks, how many at a time. Writes out/N.txt and a journal into the working directory.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';

const [tasks, jobs] = process.argv.slice(2).map(Number);
const journal = openSync('journal', 'a');
let next = 0;

function run(n) {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', `echo ${n} > out/${n}.txt`], { stdio: 'ignore' });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code !== 0) reject(new Error(`task ${n} ended with ${code}`));
      const digest = createHash('sha256')
        .update(readFileSync(`out/${n}.txt`))
        .digest('hex');
      writeSync(journal, `${n} ${digest}\n`);
      fdatasyncSync(journal);
      resolve();
    });
  });
}

async function work() {
  while (next < tasks) await run(next++);
}

await Promise.all(Array.from({ length: jobs }, work));
