/** Something that the word at the cursor may become. */
export interface Candidate {
  /** The whole word. One that ends in `=`, `,`, `@` or `/` goes on: no space belongs after it. */
  readonly value: string;
  readonly description?: string;
}
