/** Of what `--json` prints. Raised when a field is removed or means something else; new kinds, fields and values do not raise it. */
export const jsonFormat = 1;
