// node scripts/slurm/ports.mjs FOLDER COUNT: prints ports for the daemons of a folder. They begin to listen only a while later: so that nobody
// else comes to have one of them meanwhile, they are of a block that the folder has to itself until stop.sh gives it back, below the ports
// that outgoing connections get.
import { mkdirSync, symlinkSync, unlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

const claims = '/tmp/sweetspot-slurm-ports';
const firstPort = 16_000;
const blockPorts = 64;
const blocks = 250;

const [folder = '', count = '1'] = process.argv.slice(2);
if (Number(count) > blockPorts) throw new Error(`${count} ports are more than ${blockPorts}`);
mkdirSync(claims, { recursive: true });
const start = Math.floor(Math.random() * blocks);
for (let tried = 0; ; tried += 1) {
  if (tried === blocks) throw new Error(`no ports are free; ${claims} says who has them`);
  const block = (start + tried) % blocks;
  if (!claim(block)) continue;
  const ports = Array.from({ length: Number(count) }, (_, at) => firstPort + block * blockPorts + at);
  if (await areFree(ports)) {
    console.log(ports.join(' '));
    break;
  }
  unlinkSync(join(claims, String(block)));
}

/** Whether the block was nobody's. */
function claim(block) {
  try {
    symlinkSync(folder, join(claims, String(block)));
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

async function areFree(ports) {
  for (const port of ports) {
    const server = createServer();
    const isFree = await new Promise((resolve) => {
      server.on('error', () => resolve(false));
      server.listen(port, () => resolve(true));
    });
    if (!isFree) return false;
    await new Promise((resolve) => server.close(resolve));
  }
  return true;
}
