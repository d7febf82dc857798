import { childOf, isList, isObject, isSame, type Place } from './config-value.ts';

/** One change to a document: a value put where its parent is there already, or something taken out. */
export type EditStep =
  | { readonly do: 'put'; readonly place: Place; readonly value: unknown }
  | { readonly do: 'drop'; readonly place: Place };

/** The fewest changes that lead from one document to another: whole tables where they are new, single values where not. */
export function stepsBetween(from: unknown, to: unknown, place: Place = []): EditStep[] {
  if (isSame(from, to)) return [];
  if (isObject(from) && isObject(to)) return tableSteps(from, to, place);
  if (isList(from) && isList(to) && to.length > 0) {
    const steps = listSteps(from, to, place);
    if (steps) return steps;
  }
  return [{ do: 'put', place, value: to }];
}

function tableSteps(
  from: Readonly<Record<string, unknown>>,
  to: Readonly<Record<string, unknown>>,
  place: Place,
): EditStep[] {
  const gone = Object.keys(from).filter((key) => childOf(to, key) === undefined);
  return [
    ...gone.map((key): EditStep => ({ do: 'drop', place: [...place, key] })),
    ...Object.entries(to).flatMap(([key, value]): EditStep[] => {
      const there = childOf(from, key);
      const inner = [...place, key];
      return there === undefined ? [{ do: 'put', place: inner, value }] : stepsBetween(there, value, inner);
    }),
  ];
}

/** For lists of tables: elements that are gone, changed or new at the end. Undefined for lists that are better replaced. */
function listSteps(from: readonly unknown[], to: readonly unknown[], place: Place): EditStep[] | undefined {
  if (![...from, ...to].every((element) => isObject(element))) return undefined;
  const kept = survivors(from, to);
  const gone = from.map((_, index) => index).filter((index) => !kept.includes(index));
  return [
    // From the end, so that the numbers of those before stay right.
    ...gone.toReversed().map((index): EditStep => ({ do: 'drop', place: [...place, index] })),
    ...kept.flatMap((index, at) => stepsBetween(from[index], to[at], [...place, at])),
    ...to.slice(kept.length).map((value, at): EditStep => ({ do: 'put', place: [...place, kept.length + at], value })),
  ];
}

/** Which elements of `from` the first ones of `to` are, in order: the same, or of the same name. */
function survivors(from: readonly unknown[], to: readonly unknown[]): number[] {
  const found: number[] = [];
  for (const element of to) {
    const start = (found.at(-1) ?? -1) + 1;
    const index = from.findIndex((each, at) => at >= start && isAlike(each, element));
    if (index === -1) return found;
    found.push(index);
  }
  return found;
}

function isAlike(left: unknown, right: unknown): boolean {
  const name = childOf(left, 'name');
  return isSame(left, right) || (name !== undefined && name === childOf(right, 'name'));
}
