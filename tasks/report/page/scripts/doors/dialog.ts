/** The dialog: what a point or a task is and how it came to be; of a mean its members, each with its own runs. Its address is the page's fragment, so that it can be cited. */
export const doorDialog: string = `
const dialog = element('dialog', { class: 'door', 'aria-labelledby': 'door-title' });
document.body.append(dialog);
const bare = () => { try { history.replaceState(null, '', location.pathname + location.search); } catch { location.hash = ''; } };
const address = (hash) => { try { history.replaceState(null, '', hash); } catch { /* A page inside another has no address of its own. */ } };
let opener;
dialog.addEventListener('close', () => { if (location.hash.startsWith('#door=')) bare(); opener?.focus(); });
dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
const show = ({ title, context, lines, parts, hash, from }) => {
  const close = element('button', { type: 'button', class: 'close', 'aria-label': 'Close' }, '\\u00d7');
  close.addEventListener('click', () => dialog.close());
  const cite = element('a', { href: hash }, 'Link to this');
  dialog.replaceChildren(element('header', {}, element('h2', { id: 'door-title', tabindex: '-1' }, title), close));
  if (context) dialog.append(element('p', { class: 'quiet' }, context));
  if (lines.length > 0) dialog.append(element('ul', { class: 'values' }, ...lines.map((line) => element('li', {}, line))));
  dialog.append(...parts, element('p', { class: 'cite' }, cite));
  if (!dialog.open) { opener = from; dialog.showModal(); }
  address(hash);
  dialog.scrollTop = 0;
  dialog.querySelector('#door-title').focus();
};
const undressed = 'This copy of the page was not told how its study came to be. The page that sweetspot run or sweetspot report hands over knows.';
const imagesButton = (line, [, , sparsity, coordinates, facts]) => {
  const method = coordinates.method ?? facts.method;
  if (method == null || !document.getElementById('heatmaps')) return null;
  const button = element('button', { type: 'button', class: 'copy' }, 'Show its heatmaps');
  button.addEventListener('click', () => {
    opener = null;
    dialog.close();
    document.getElementById('heatmaps').scrollIntoView();
    document.dispatchEvent(new CustomEvent('sweetspot:show-heatmap', { bubbles: true, detail: { line, method, sparsity } }));
  });
  return button;
};
const sourcePart = (record, { source, score, line, open }) => {
  const [digest, seed, sparsity, coordinates, facts, values] = source;
  const task = taskOf(record, source);
  const name = seed === '' ? task?.address ?? entries(coordinates) : (sparsity === 0 ? 'Dense, seed ' : 'Seed ') + seed;
  const all = Object.entries(values).map(([place, value]) => table.scores[place].label + ' ' + value).join(', ');
  const images = imagesButton(line, source);
  const rows = [
    ['Its scores', all],
    ...(task ? taskRows(record, task) : [['Digest of scores', code(digest)], ['Stands at', entries({ ...facts, ...coordinates, sparsity })]]),
    ...(images ? [['Its images', images]] : []),
  ];
  const part = element('details', {}, element('summary', {}, name + ': ', element('b', {}, values[score] ?? ''), element('small', {}, task ? ' ' + task.address : '')), definitions(rows));
  part.open = open;
  return part;
};
const wordsOf = (mark) => mark.getAttribute('aria-label') ?? mark.getAttribute('aria-description') ?? mark.querySelector('title').textContent;
const membersOf = (mark) => {
  const scores = mark.dataset.score.split('/');
  return mark.dataset.door.split('/').map((places, i) => ({
    score: scores[i],
    sources: places.split(' ').map((place) => table.sources[Number(place)]).filter(Boolean),
  }));
};
const pointHash = (mark) => {
  const members = membersOf(mark);
  const [{ score, sources }] = members;
  const mean = members.length > 1;
  const few = (mean ? members.flatMap((member) => member.sources.slice(0, 1)) : sources).slice(0, 6).map(([digest]) => digest.slice(0, 8));
  return '#door=' + (mean ? 'mean-' + members.length : encodeURIComponent(table.scores[score].metric)) + '~' + few.join('.');
};
const memberPart = (record, { score, sources, line }) => {
  const dense = sources.filter(([, , sparsity]) => sparsity === 0);
  const sparse = sources.filter((source) => !dense.includes(source));
  const values = (some) => some.map(([, , , , , own]) => own[score] ?? '\\u2013').join(', ');
  const told = sparse.length > 0 && dense.length > 0 ? element('small', {}, ' dense ' + values(dense)) : '';
  const part = element('details', { class: 'member' }, element('summary', {}, table.scores[score].name + ': ', element('b', {}, values(sparse.length > 0 ? sparse : dense)), told));
  // Filled when it is opened: a mean may rest on a hundred results.
  part.addEventListener('toggle', () => part.append(...sources.map((source) => sourcePart(record, { source, score, line, open: false }))), { once: true });
  return part;
};
const openPoint = async (mark) => {
  const record = await studyRecord();
  const inTable = mark.closest('td');
  const [title, ...lines] = wordsOf(mark).split(inTable ? /; |: (?=[^;]*over dense)/ : '\\n');
  const context = inTable ? inTable.closest('table').caption?.textContent.trim() : mark.ownerSVGElement.getAttribute('aria-label');
  const members = membersOf(mark);
  const line = Number(mark.dataset.line);
  const [{ score, sources }] = members;
  const parts = members.length > 1
    ? [element('p', { class: 'quiet' }, 'The mean of these scores, each counted once:'), ...members.map((member) => memberPart(record, { ...member, line }))]
    : sources.map((source, i) => sourcePart(record, { source, score, line, open: i === 0 }));
  if (!record) parts.push(element('p', { class: 'quiet' }, undressed));
  show({ title, context, lines, parts, hash: pointHash(mark), from: mark });
};
const openTask = async (name, from) => {
  const record = await studyRecord();
  const task = record?.byAddress.get(name);
  if (task) show({ title: task.address, context: null, lines: [], parts: [definitions(taskRows(record, task))], hash: taskHash(task), from });
};
const follow = (fragment) => {
  if (!fragment.startsWith('#door=')) return;
  const wanted = fragment.slice('#door='.length);
  try {
    if (wanted.startsWith('task~')) return void openTask(decodeURIComponent(wanted.slice('task~'.length)), document.activeElement);
  } catch { return; }
  const marks = [...document.querySelectorAll('[data-door]')].filter((one) => pointHash(one) === fragment);
  // What is folded away has no place to scroll to.
  const mark = marks.find((one) => one.getClientRects().length > 0) ?? marks[0];
  if (!mark) return;
  mark.scrollIntoView({ block: 'center', behavior: 'instant' });
  void openPoint(mark);
};
addEventListener('hashchange', () => follow(location.hash));
`;
