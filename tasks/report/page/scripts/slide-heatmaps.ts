/**
 * The slider of the heatmaps: what all models see at one sparsity, in pictures that the grid holds already. Other parts of the page
 * come here by the event `sweetspot:show-heatmap` with `{ line, method, sparsity }`, links by `#heatmaps?line=0&method=grad-cam&sparsity=0.36`.
 */
export const slideHeatmaps = `
const figure = document.querySelector('#heatmaps figure');
const slider = figure?.querySelector('.slide input');
if (slider) {
  const stops = [...slider.list.options];
  const output = figure.querySelector('.slide output');
  const key = (...parts) => JSON.stringify(parts);
  const views = [...figure.querySelectorAll('.image-block')].map((block) => {
    const maps = new Map();
    for (const holder of block.querySelectorAll('[data-line]:is(table, template)'))
      for (const map of (holder.content ?? holder).querySelectorAll('img[data-stop]'))
        maps.set(key(holder.dataset.line, map.dataset.method, map.dataset.stop), map);
    return { block, maps };
  });
  const put = (tile, from) => {
    const seen = tile.querySelector('.seen');
    const picture = seen.querySelector('img') ?? seen.insertAdjacentElement('afterbegin', new Image());
    tile.classList.toggle('missing', !from);
    picture.hidden = !from;
    if (from) Object.assign(picture, { src: from.src, alt: from.alt, className: from.className });
    return from?.dataset ?? { scores: 'no map at this sparsity', taken: '' };
  };
  const draw = ({ block, maps }) => {
    for (const view of block.querySelectorAll('.model-view')) {
      const { line } = view.dataset;
      put(view.querySelector('[data-part=input]'), block.querySelector('table[data-line="' + line + '"] td.input img'));
      for (const tile of view.querySelectorAll('[data-method]')) {
        const { scores, taken } = put(tile, maps.get(key(line, tile.dataset.method, slider.value)));
        tile.querySelector('.told').textContent = scores;
        tile.querySelector('.taken').textContent = taken;
      }
    }
    for (const head of block.querySelectorAll('th[data-stop]')) head.classList.toggle('at', head.dataset.stop === slider.value);
  };
  const show = () => {
    const { label } = stops[slider.value];
    output.textContent = label;
    slider.setAttribute('aria-valuetext', label);
    for (const view of views) if (!view.block.classList.contains('folded')) draw(view);
  };
  const nearest = (sparsity) => {
    const away = stops.map((stop) => Math.abs(stop.dataset.sparsity - sparsity));
    return away.indexOf(Math.min(...away));
  };
  const come = ({ line, method, sparsity = null }) => {
    if (sparsity !== null && isFinite(sparsity)) slider.value = nearest(sparsity);
    show();
    for (const tile of figure.querySelectorAll('.tile[data-method]'))
      tile.classList.toggle('pointed', tile.dataset.method === method && tile.closest('.model-view').dataset.line === String(line));
    figure.closest('section').scrollIntoView();
    figure.querySelector('.image-block:not(.folded) .pointed')?.scrollIntoView({ block: 'nearest' });
    slider.focus({ preventScroll: true });
  };
  const follow = () => {
    if (!location.hash.startsWith('#heatmaps?')) return;
    const asked = new URLSearchParams(location.hash.slice('#heatmaps?'.length));
    come({ line: asked.get('line'), method: asked.get('method'), sparsity: asked.get('sparsity') });
  };
  slider.addEventListener('input', show);
  figure.addEventListener('sweetspot:image', show);
  figure.addEventListener('click', ({ target }) => {
    const map = target.closest('.heatmap-table img[data-stop]');
    if (!map) return;
    slider.value = map.dataset.stop;
    show();
  });
  document.addEventListener('sweetspot:show-heatmap', ({ detail }) => come(detail));
  addEventListener('hashchange', follow);
  for (const hidden of figure.querySelectorAll('.slide, .explorer')) hidden.hidden = false;
  show();
  follow();
}
`;
