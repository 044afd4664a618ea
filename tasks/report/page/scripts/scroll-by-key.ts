/** What is wider than its box can be moved by keys too, where nothing in it takes the focus. */
export const scrollByKey: string = `
for (const box of document.querySelectorAll('.scroll')) {
  const fit = () => {
    const reached = box.scrollWidth <= box.clientWidth || box.querySelector('a, button, [tabindex="0"]');
    if (reached) return box.removeAttribute('tabindex');
    box.tabIndex = 0;
    box.setAttribute('role', box.tagName === 'FIGURE' ? 'figure' : 'group');
    box.setAttribute('aria-label', 'Moves sideways');
  };
  new ResizeObserver(fit).observe(box);
}
`;
