/** What the page does: hears states, writes them down, and draws the report anew when there is more of it. */
export const uiScript = `
'use strict';
const byId = (id) => document.getElementById(id);
const make = (tag, className, text) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};
const duration = (ms) => {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 60) return s + ' s';
  if (s < 3600) return Math.floor(s / 60) + ' min ' + String(s % 60).padStart(2, '0') + ' s';
  return Math.floor(s / 3600) + ' h ' + String(Math.floor(s / 60) % 60).padStart(2, '0') + ' min';
};
const clock = (at) => new Date(at).toLocaleTimeString();
const put = (id, children) => {
  const element = byId(id);
  const focused = element.contains(document.activeElement) ? document.activeElement.dataset.task : undefined;
  element.replaceChildren(...children);
  if (focused) [...element.querySelectorAll('button')].find((one) => one.dataset.task === focused)?.focus();
};
const parts = [['cached', 'cached'], ['done', 'done-part'], ['failed', 'failed-part'], ['blocked', 'blocked-part'], ['running', 'running-part']];
const segments = (counts, total) => parts.map(([name, className]) => {
  const part = make('i', className);
  part.style.width = total === 0 ? '0' : (100 * counts[name]) / total + '%';
  return part;
});
const words = ({ cached, done, failed, blocked, running, elsewhere, ready, waiting }) =>
  [[cached, 'cached'], [done, 'done'], [failed, 'failed'], [blocked, 'blocked'], [running, 'running'], [elsewhere, 'in other runs'], [ready, 'ready'], [waiting, 'waiting']]
    .filter(([count]) => count > 0).map(([count, name]) => count + ' ' + name).join(', ');
const settled = ({ cached, done, failed, blocked }) => cached + done + failed + blocked;
const logButton = (task) => {
  const button = make('button', '', 'log');
  button.dataset.task = task;
  button.setAttribute('aria-label', 'log of ' + task);
  button.onclick = () => showLog(task);
  return button;
};
async function showLog(task) {
  byId('log-title').textContent = task;
  byId('log-text').textContent = '…';
  byId('log').showModal();
  const answer = await fetch('/log?task=' + encodeURIComponent(task)).catch(() => undefined);
  byId('log-text').textContent = answer === undefined ? 'the server cannot be reached' : await answer.text();
  byId('log-text').scrollTop = byId('log-text').scrollHeight;
}
let last;
function show(state) {
  last = state;
  byId('lost').hidden = true;
  if (state === null) {
    byId('study').textContent = 'Waiting for a run';
    byId('about').textContent = 'None is recorded in this store yet; it shows here as soon as one begins.';
    return;
  }
  document.title = settled(state.counts) + '/' + state.total + ' ' + state.study;
  byId('study').textContent = state.study;
  byId('state').hidden = false;
  byId('state').className = 'pill ' + state.state;
  byId('state').textContent = state.state;
  byId('bar').hidden = false;
  byId('bar').replaceChildren(...segments(state.counts, state.total));
  byId('bar').setAttribute('aria-label', settled(state.counts) + ' of ' + state.total + ' tasks have ended');
  byId('counts').textContent = state.total + ' tasks: ' + words(state.counts);
  byId('main').hidden = false;
  byId('failures-section').hidden = state.failures.length === 0;
  put('failures', state.failures.map(({ task, text, lastWords }) => {
    const item = make('li');
    item.append(make('span', 'task', task + ' '), logButton(task), make('div', '', text));
    if (lastWords.length > 0) item.append(make('pre', '', lastWords.join('\\n')));
    return item;
  }));
  put('slots', state.slots.length === 0 ? [make('li', 'idle', 'Nothing.')] : state.slots.map(slotItem));
  put('names', state.names.map(nameRow));
  put('recent', state.recent.map(({ at, text }) => {
    const item = make('li');
    const time = make('time', '', clock(at));
    time.dateTime = at;
    item.append(time, text);
    return item;
  }));
  tick();
  askReport(state);
}
function slotItem({ name, task }) {
  const item = make('li');
  item.append(make('div', 'slot', name));
  if (!task) { item.append(make('div', 'idle', 'idle')); return item; }
  const head = make('div', 'task', task.task + ' ');
  head.append(logButton(task.task));
  item.append(head);
  const { progress } = task;
  const bar = make('div', 'bar small');
  if (progress) {
    const done = make('i');
    done.style.width = Math.min(100, (100 * progress.done) / Math.max(1, progress.of)) + '%';
    bar.append(done);
    bar.setAttribute('role', 'progressbar');
    bar.setAttribute('aria-label', task.task);
    bar.setAttribute('aria-valuenow', String(Math.round((100 * progress.done) / Math.max(1, progress.of))));
  }
  const detail = make('div', 'detail');
  const said = progress ? progress.done + ' of ' + progress.of + ' ' + progress.unit + (progress.detail ? ', ' + progress.detail : '') : task.resumed ? 'resumed from its snapshot' : 'starting';
  const since = make('span', 'since');
  since.dataset.since = task.startedAt;
  detail.append(make('span', '', said), since);
  item.append(bar, detail);
  return item;
}
function nameRow({ name, total, counts, waitsFor }) {
  const row = make('tr');
  const head = make('th', '', name);
  head.scope = 'row';
  if (waitsFor.length > 0 && settled(counts) + counts.running < total) head.append(make('small', '', 'waits for ' + waitsFor.join(', ')));
  const bar = make('div', 'bar small');
  bar.setAttribute('role', 'img');
  bar.setAttribute('aria-label', words(counts));
  bar.title = words(counts);
  bar.append(...segments(counts, total));
  const cell = make('td');
  cell.append(bar);
  row.append(head, cell, make('td', 'number', settled(counts) + ' of ' + total));
  return row;
}
function tick() {
  if (!last) return;
  const now = Date.now();
  const running = last.state === 'running';
  const end = running ? now : Date.parse(last.lastAt ?? last.startedAt);
  byId('about').textContent = [last.run, 'begun ' + new Date(last.startedAt).toLocaleString(), duration(end - Date.parse(last.startedAt)), last.left].filter(Boolean).join(' · ');
  for (const one of document.querySelectorAll('.since')) one.textContent = duration(now - Date.parse(one.dataset.since));
}
setInterval(tick, 1000);

const refreshMs = 15000;
let drawn;
let drawnMs = 0;
let drawing = false;
async function askReport({ report, state }) {
  byId('report-section').hidden = report === undefined;
  if (report === undefined || report === drawn || drawing) return;
  if (state === 'running' && Date.now() - drawnMs < refreshMs) return;
  drawing = true;
  drawnMs = Date.now();
  if (drawn === undefined) byId('report-note').textContent = 'is being drawn';
  try {
    const answer = await fetch('/report');
    if (answer.status === 204) { byId('report-note').textContent = 'nothing that it shows is there yet'; return; }
    await answer.text();
    if (!answer.ok) { byId('report-note').textContent = 'it could not be made'; return; }
    await draw(report);
    byId('report-link').hidden = false;
    drawn = report;
    byId('report-note').textContent = state === 'running' ? 'as of ' + clock(Date.now()) : '';
  } catch { /* The stream says that the server is gone. */ } finally { drawing = false; }
}
/** The new one takes the old one's place once it is there: nothing jumps. */
function draw(version) {
  return new Promise((resolve) => {
    const frame = make('iframe');
    frame.title = 'Report';
    frame.src = '/report?as-of=' + encodeURIComponent(version);
    frame.style.position = 'absolute';
    frame.style.visibility = 'hidden';
    frame.onload = () => {
      const fit = () => { frame.style.height = frame.contentDocument.documentElement.scrollHeight + 2 + 'px'; };
      for (const old of byId('report').querySelectorAll('iframe')) if (old !== frame) old.remove();
      frame.style.position = '';
      frame.style.visibility = '';
      fit();
      new ResizeObserver(fit).observe(frame.contentDocument.body);
      resolve();
    };
    byId('report').append(frame);
  });
}
const stream = new EventSource('/events');
stream.onmessage = ({ data }) => show(JSON.parse(data));
stream.onerror = () => { byId('lost').hidden = false; };
`;
