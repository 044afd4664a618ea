/** What a door tells: the page's table of scores, and of a page that was handed over the record of its study, unpacked when first asked for. */
export const doorData: string = `
const island = document.getElementById('door-table');
const known = island ? JSON.parse(island.textContent) : null;
const table = known && known.format === 2 ? known : { scores: [], sources: [] };
const hex = (short) => [...atob(short)].map((one) => one.charCodeAt(0).toString(16).padStart(2, '0')).join('');
const mapValues = (object, change) => Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
const taskAt = (columns, place) => {
  const { address, name, kind, coordinates, facts, reads, command, key, outputs, ...result } = mapValues(columns, (column) => column[place]);
  return {
    address, name, kind, coordinates, facts,
    reads: reads.map((back) => place - back),
    command: command.replaceAll('\\0', () => address),
    result: key === null ? null : { ...result, key: hex(key), outputs: mapValues(outputs, hex) },
  };
};
const unpack = async (packed) => {
  const bytes = Uint8Array.from(atob(packed.textContent), (one) => one.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  const { format, run, columns, logs } = JSON.parse(await new Response(stream).text());
  if (format !== 1) return null;
  const record = { run, logs, tasks: columns.address.map((_, place) => taskAt(columns, place)) };
  const byDigest = new Map();
  for (const task of record.tasks)
    for (const digest of Object.values(task.result?.outputs ?? {}))
      byDigest.set(digest, [...(byDigest.get(digest) ?? []), task]);
  return { ...record, byDigest, byAddress: new Map(record.tasks.map((task) => [task.address, task])) };
};
let unpacked;
const studyRecord = () => {
  const packed = document.getElementById('study-record');
  if (!packed || !('DecompressionStream' in window)) return Promise.resolve(null);
  unpacked ??= unpack(packed).catch(() => null);
  return unpacked;
};
const sameCoordinates = (task, coordinates) => {
  const names = Object.keys(coordinates);
  return names.length === Object.keys(task.coordinates).length && names.every((name) => task.coordinates[name] === coordinates[name]);
};
const taskOf = (record, [digest, , , coordinates]) => {
  const candidates = record?.byDigest.get(digest) ?? [];
  return candidates.find((task) => sameCoordinates(task, coordinates)) ?? candidates[0];
};
const chainTo = (record, task) => {
  const from = new Map([[task, null]]);
  for (const reached of from.keys()) {
    if (reached.result?.outputs.model) {
      const chain = [];
      for (let each = reached; each; each = from.get(each)) chain.push(each);
      return chain;
    }
    for (const place of reached.reads) if (!from.has(record.tasks[place])) from.set(record.tasks[place], reached);
  }
  return [task];
};
`;
