import type * as v from 'valibot';

/** Any such surface: questions by name, each with the schema of what goes in and what comes out. */
export type Contract = Readonly<Record<string, { readonly input: v.GenericSchema; readonly output: v.GenericSchema }>>;

/** What a question takes, before it was checked. */
export type Input<C extends Contract, M extends keyof C> = v.InferInput<C[M]['input']>;
/** What a question answers. */
export type Output<C extends Contract, M extends keyof C> = v.InferOutput<C[M]['output']>;

/** The side that answers: one function for each question, called with checked input. */
export type Handlers<C extends Contract> = {
  readonly [M in keyof C]: (input: v.InferOutput<C[M]['input']>) => Promise<Output<C, M>> | Output<C, M>;
};
