import * as v from 'valibot';

/** What a question takes or answers that has nothing to say. */
export const nothing = v.object({});
export const nullableNumber = v.nullable(v.number());
export const nullableString = v.nullable(v.string());
