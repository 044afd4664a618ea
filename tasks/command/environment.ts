/** All that a program sees of the environment, beside what the study declares. */
export function commandEnvironment(request: {
  readonly path: string | undefined;
  readonly home: string;
  readonly declared: { readonly [name: string]: string };
}): { readonly [name: string]: string } {
  return {
    PATH: request.path ?? '/usr/local/bin:/usr/bin:/bin',
    HOME: request.home,
    TMPDIR: request.home,
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    ...request.declared,
  };
}
