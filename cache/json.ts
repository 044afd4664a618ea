/** A JSON value as `JSON.parse` yields it. What is hashed is further restricted: see `canonical-json.ts`. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type JsonObject = { readonly [key: string]: Json };
