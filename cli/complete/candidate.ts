/** Something that the word at the cursor may become. */
export interface Candidate {
  /** The whole word. One that ends in `=`, `,`, `@` or `/` goes on: no space belongs after it. */
  readonly value: string;
  readonly description?: string;
}

/** Whether a word goes on after this. */
export function goesOn({ value }: Candidate): boolean {
  return /[=,@/]$/.test(value);
}
