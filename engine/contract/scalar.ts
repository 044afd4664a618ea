/** What an axis value or a fact may be. */
export type Scalar = string | number | boolean;

/** Where an instance stands on the axes it has: axis name -> value, in the study's axis order. */
export type Coordinates = { readonly [axis: string]: Scalar };

/** Scalars of an output that are known at plan time (its model's name, its sparsity, …). */
export type Facts = { readonly [fact: string]: Scalar };
