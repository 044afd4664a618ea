/** What is told of one task, as rows of a definition list. Text of a study only ever becomes text of the page. */
export const doorRows: string = `
const element = (tag, attributes, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
};
const code = (text) => element('code', {}, text);
const amount = (value) => (value >= 10 ? String(Math.round(value)) : String(Number(value.toPrecision(2))));
const duration = (ms) => (ms < 995 ? Math.round(ms) + ' ms' : ms < 99500 ? amount(ms / 1000) + ' s' : ms < 5970000 ? amount(ms / 60000) + ' min' : amount(ms / 3600000) + ' h');
const moment = (ms) => (ms === null ? 'at an unknown time' : new Date(ms).toISOString().slice(0, 19).replace('T', ' ') + ' UTC');
const copyButton = (text, from) => {
  const button = element('button', { type: 'button', class: 'copy' }, 'Copy');
  const say = (words) => { button.textContent = words; };
  const select = () => { getSelection().selectAllChildren(from); say('Selected'); };
  button.addEventListener('click', () => {
    if (!navigator.clipboard) return select();
    navigator.clipboard.writeText(text).then(() => say('Copied'), select);
  });
  return button;
};
const commandRow = (command) => {
  const shown = element('code', { class: 'command' }, command);
  return element('span', { class: 'copied' }, shown, copyButton(command, shown));
};
const taskHash = (task) => '#door=task~' + encodeURIComponent(task.address);
const taskLink = (task) => element('a', { href: taskHash(task) }, task.address);
const makerWords = (record, { madeBy }) => {
  const { kind, run, member, remote, archive } = madeBy;
  if (kind === 'this-run') return 'by run ' + record.run + ', the one of this page';
  if (kind === 'unknown') return 'elsewhere or by a forgotten run, and taken over';
  const by = (member ? 'by ' + member + ', ' : '') + (run ? (member ? 'in run ' : 'by run ') + run + ', ' : '');
  if (kind === 'run') return by + 'and taken over';
  return (by || 'elsewhere, ') + 'and came from ' + (kind === 'remote' ? 'remote ' + remote : 'archive ' + archive);
};
const outputsText = (task) => Object.entries(task.result?.outputs ?? {}).map(([name, digest]) => name + ' ' + digest.slice(0, 12)).join(', ');
const chainList = (chain) => element('ol', { class: 'chain' }, ...chain.map((each) => element('li', {}, taskLink(each), element('small', {}, ' ' + outputsText(each)))));
const plain = (value) => (typeof value === 'number' ? Number(value.toPrecision(6)) : value);
const entries = (facts) => Object.entries(facts).map(([name, value]) => name + '=' + plain(value)).join(', ');
const resultRows = (record, { result }) => {
  if (!result) return [['Result', 'none yet']];
  const versions = Object.entries(result.versions).map(([name, version]) => name + ' ' + version).join(', ');
  return [
    ['Key', code(result.key)],
    ...Object.entries(result.outputs).map(([name, digest]) => ['Digest of ' + name, code(digest)]),
    ['Made', makerWords(record, result)],
    ['When', moment(result.startedMs) + ', took ' + duration(result.durationMs)],
    ['On', result.deviceClass + (result.backend === 'none' ? '' : ', ' + result.backend)],
    ['Versions', versions],
    ...(result.peakMiB === null ? [] : [['Peak memory', result.peakMiB + ' MiB']]),
    ...(result.log === null ? [] : [['End of its log', element('pre', { class: 'log', tabindex: '0', 'aria-label': 'End of its log' }, record.logs[result.log])]]),
  ];
};
const taskRows = (record, task) => {
  const chain = chainTo(record, task);
  const checkpoint = chain[0].result?.outputs.model;
  const reads = task.reads.map((place) => record.tasks[place]);
  const told = entries({ ...task.coordinates, ...task.facts });
  return [
    ['Task', code(task.address)],
    ['Kind', task.kind + (told === '' ? '' : ': ' + told)],
    ['Made again by', commandRow(task.command)],
    ...(checkpoint && chain[0] !== task ? [['Checkpoint', code(checkpoint)], ['From it', chainList(chain)]] : []),
    ...(reads.length > 0 && chain.length < 2 ? [['Reads', chainList(reads.slice(0, 8))]] : []),
    ...(reads.length > 8 && chain.length < 2 ? [['', 'and ' + (reads.length - 8) + ' more']] : []),
    ...resultRows(record, task),
  ];
};
const definitions = (rows) => element('dl', { class: 'told' }, ...rows.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]));
`;
