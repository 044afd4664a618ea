/**
 * Points of charts and cells of tables as buttons: one stop of the tab key for each chart or table, arrow keys from point to point. What
 * a point says stands beside it when it is pointed at or reached by a key.
 */
export const doorPoints: string = `
const tip = element('div', { class: 'tip', 'aria-hidden': 'true' });
tip.hidden = true;
document.body.append(tip);
let pointed;
const hideTip = () => { pointed?.classList.remove('pointed'); pointed = null; tip.hidden = true; };
const showTip = (mark) => {
  if (mark === pointed) return;
  hideTip();
  pointed = mark;
  mark.classList.add('pointed');
  tip.textContent = wordsOf(mark);
  tip.hidden = false;
  const at = mark.getBoundingClientRect();
  const { width, height } = tip.getBoundingClientRect();
  const left = Math.min(Math.max(8, at.left + at.width / 2 - width / 2), document.documentElement.clientWidth - width - 8);
  const above = at.top - height - 10;
  tip.style.left = left + 'px';
  tip.style.top = (above < 8 ? at.bottom + 10 : above) + 'px';
};
addEventListener('scroll', hideTip, { passive: true });
const middle = (mark) => { const box = mark.getBoundingClientRect(); return { x: box.left + box.width / 2, y: box.top + box.height / 2 }; };
const nearest = (marks, { x, y }, stretch = 1) => {
  const away = (mark) => { const at = middle(mark); return Math.hypot(at.x - x, (at.y - y) * stretch); };
  return marks.map((mark) => ({ mark, distance: away(mark) })).sort((a, b) => a.distance - b.distance)[0];
};
const beside = (marks, mark, key) => {
  const from = middle(mark);
  const upright = key === 'ArrowUp' || key === 'ArrowDown';
  const sign = key === 'ArrowUp' || key === 'ArrowLeft' ? -1 : 1;
  const row = marks.filter((one) => one.parentNode === mark.parentNode);
  if (!upright && mark.tagName !== 'BUTTON') return row[row.indexOf(mark) + sign];
  const ahead = marks.filter((one) => { const at = middle(one); return sign * (upright ? at.y - from.y : at.x - from.x) > 0.5; });
  const cross = (one) => { const at = middle(one); return Math.abs(upright ? at.x - from.x : at.y - from.y); };
  const along = (one) => { const at = middle(one); return Math.abs(upright ? at.y - from.y : at.x - from.x); };
  const straight = ahead.filter((one) => cross(one) < 4);
  return straight.sort((a, b) => along(a) - along(b))[0] ?? (upright ? row[row.indexOf(mark) + sign] : null);
};
const makeStops = (home, marks) => {
  const stop = (chosen) => marks.forEach((mark) => mark.setAttribute('tabindex', mark === chosen ? '0' : '-1'));
  stop(marks[0]);
  home.addEventListener('keydown', (event) => {
    const mark = event.target.closest('[data-door]');
    if (!mark || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); hideTip(); return void openPoint(mark); }
    const next = event.key === 'Home' ? marks[0] : event.key === 'End' ? marks.at(-1) : event.key.startsWith('Arrow') ? beside(marks, mark, event.key) : null;
    if (event.key.startsWith('Arrow') || next) event.preventDefault();
    next?.focus();
  });
  home.addEventListener('focusin', (event) => {
    const mark = event.target.closest('[data-door]');
    if (!mark) return;
    stop(mark);
    if (mark.matches(':focus-visible')) showTip(mark);
  });
  home.addEventListener('focusout', hideTip);
};
for (const chart of document.querySelectorAll('svg.chart')) {
  const marks = [...chart.querySelectorAll('[data-door]')];
  if (marks.length === 0) continue;
  // A picture has no parts to a screen reader; a group has, of which axes say nothing that the points do not.
  chart.setAttribute('role', 'group');
  for (const part of chart.children) if (!part.querySelector('[data-door]')) part.setAttribute('aria-hidden', 'true');
  for (const mark of marks) for (const [name, value] of [['role', 'button'], ['aria-haspopup', 'dialog'], ['aria-label', wordsOf(mark)]]) mark.setAttribute(name, value);
  makeStops(chart, marks);
  // The browser's own tip would stand over this one.
  const titles = marks.map((mark) => [mark.querySelector('title'), wordsOf(mark)]);
  const under = (event) => {
    const direct = event.target.closest('[data-door]');
    const near = direct ? null : nearest(marks, { x: event.clientX, y: event.clientY });
    return direct ?? (near.distance < 14 ? near.mark : null);
  };
  chart.addEventListener('pointerenter', () => titles.forEach(([title]) => title?.replaceChildren()));
  chart.addEventListener('pointerleave', () => { titles.forEach(([title, words]) => title?.replaceChildren(words)); hideTip(); });
  chart.addEventListener('pointermove', (event) => {
    const mark = under(event);
    chart.style.cursor = mark ? 'pointer' : '';
    if (mark) showTip(mark); else hideTip();
  });
  chart.addEventListener('click', (event) => {
    const mark = under(event);
    if (!mark) return;
    hideTip();
    mark.focus({ preventScroll: true });
    void openPoint(mark);
  });
}
for (const cells of document.querySelectorAll('table')) {
  const buttons = [...cells.querySelectorAll('td[data-door]')].map((cell) => {
    const button = element('button', { type: 'button', 'aria-haspopup': 'dialog', 'aria-description': cell.title }, ...cell.childNodes);
    for (const name of ['data-door', 'data-score', 'data-line']) { button.setAttribute(name, cell.getAttribute(name)); cell.removeAttribute(name); }
    button.addEventListener('click', () => { hideTip(); void openPoint(button); });
    cell.append(button);
    return button;
  });
  if (buttons.length > 0) makeStops(cells, buttons);
}
`;
