/** Buttons above the methods: each of their forms into the clipboard, or as a file. Without script the forms stand folded below. */
export const copyMethods: string = `
const forms = [...document.querySelectorAll('.methods-file')];
if (forms.length > 0) {
  const bar = document.createElement('p');
  bar.className = 'methods-bar';
  const told = document.createElement('span');
  told.setAttribute('role', 'status');
  const add = (label, described, run) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = label;
    button.setAttribute('aria-label', described);
    button.addEventListener('click', run);
    bar.append(button);
  };
  for (const form of forms) {
    const { file, title } = form.dataset;
    const text = () => form.querySelector('pre').textContent;
    const copied = () => { told.textContent = title + ' copied'; };
    const select = () => {
      form.open = true;
      getSelection().selectAllChildren(form.querySelector('pre'));
      if (document.execCommand('copy')) copied();
      else told.textContent = 'selected below: copy it with the keyboard';
    };
    const copy = () => (navigator.clipboard ? navigator.clipboard.writeText(text()).then(copied, select) : select());
    add('Copy ' + title, 'Copy ' + title + ' of the methods', copy);
    const save = document.createElement('button');
    save.type = 'button';
    save.className = 'save';
    save.textContent = 'Save ' + file;
    save.addEventListener('click', () => {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([text()], { type: 'text/plain;charset=utf-8' }));
      link.download = file;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
    form.querySelector('summary').after(save);
  }
  bar.append(told);
  document.querySelector('.methods-text').before(bar);
}
`;
