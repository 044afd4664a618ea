/**
 * A nicety: with several images, show one at a time. Without script, and in print, all stand below each other.
 * Self-contained; it reads nothing but the page's own structure.
 */
export const chooseImage = `
for (const chooser of document.querySelectorAll('.chooser')) {
  const blocks = [...chooser.closest('figure').querySelectorAll('.image-block')];
  if (blocks.length < 2) continue;
  const buttons = blocks.map((block, index) => {
    const button = document.createElement('button');
    button.type = 'button';
    const picture = block.querySelector('td.input img');
    if (picture) { const small = new Image(); small.src = picture.src; small.alt = ''; small.className = picture.className; button.append(small); }
    button.append('Image ' + (index + 1));
    button.addEventListener('click', () => show(index));
    return button;
  });
  const show = (chosen) => {
    blocks.forEach((block, index) => {
      block.classList.toggle('folded', index !== chosen);
      buttons[index].setAttribute('aria-pressed', String(index === chosen));
    });
    chooser.dispatchEvent(new Event('sweetspot:image', { bubbles: true }));
  };
  chooser.append(...buttons);
  chooser.hidden = false;
  show(0);
}
`;
