/** Nodes of the graph of tasks, drawn or listed: each unfolds the list of its instances, and each of those is a door. */
export const doorTasks: string = `
const most = 200;
const instanceList = (list, note, tasks, text) => {
  const words = text.toLowerCase().split(/\\s+/).filter(Boolean);
  const found = tasks.filter(({ address }) => words.every((word) => address.toLowerCase().includes(word)));
  list.replaceChildren(...found.slice(0, most).map((task) => element('li', {}, taskLink(task), element('small', {}, task.result ? duration(task.result.durationMs) + ', ' + task.result.deviceClass : 'still to come'))));
  note.textContent = found.length > most ? 'The first ' + most + ' of ' + found.length + '; more words find fewer.' : found.length + ' of ' + tasks.length;
};
const unfold = (panel, record, name) => {
  const tasks = record.tasks.filter((task) => task.name === name);
  const field = element('input', { type: 'search', 'aria-label': 'Find among the instances of ' + name, placeholder: 'find, e.g. seed=1' });
  const list = element('ul', { tabindex: '0', 'aria-label': 'Instances of ' + name });
  const note = element('p', { class: 'quiet', role: 'status' });
  field.addEventListener('input', () => instanceList(list, note, tasks, field.value));
  instanceList(list, note, tasks, '');
  panel.replaceChildren(element('h3', {}, name), field, list, note);
  panel.hidden = false;
};
for (const graph of document.querySelectorAll('figure.task-graph')) {
  const panel = graph.querySelector('.instances');
  const nodes = [...graph.querySelectorAll('.task-node')];
  const drawing = graph.querySelector('svg.tasks');
  drawing.setAttribute('role', 'group');
  const toggle = async (node) => {
    const record = await studyRecord();
    if (!record) return;
    const open = node.getAttribute('aria-expanded') !== 'true';
    for (const one of nodes) one.setAttribute('aria-expanded', String(open && one.dataset.task === node.dataset.task));
    // In the list below its task; the drawing has no room for it.
    if (drawing.contains(node)) drawing.parentNode.after(panel); else node.after(panel);
    if (open) unfold(panel, record, node.dataset.task); else panel.hidden = true;
  };
  for (const node of nodes) {
    for (const [name, value] of [['role', 'button'], ['tabindex', '0'], ['aria-expanded', 'false'], ...(drawing.contains(node) ? [['aria-label', node.querySelector('title').textContent]] : [])]) node.setAttribute(name, value);
    node.addEventListener('click', () => void toggle(node));
    node.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      void toggle(node);
    });
  }
}
for (const shown of document.querySelectorAll('.record code.command')) shown.after(' ', copyButton(shown.textContent, shown));
follow(location.hash);
`;
