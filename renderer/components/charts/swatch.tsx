/** How series are told apart: by colour, and by a pattern of lines that is there without colours, too. */

/** As many as can be told apart; more are summed up as others. */
export const mostSeries = 6;

/** Definitions that charts and legends refer to, once in each svg. */
export function Patterns({ id }: { readonly id: string }) {
  return (
    <defs>
      {patterns.map((lines, index) => (
        <pattern
          key={index}
          id={`${id}-${index}`}
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
          class={`series-${index}`}
        >
          <rect class="pattern-ground" width="6" height="6" />
          <path class="pattern-lines" d={lines} />
        </pattern>
      ))}
    </defs>
  );
}

const patterns = [
  '',
  'M-1.5 1.5l3-3M0 6l6-6M4.5 7.5l3-3',
  'M1.5 1.5h.1M4.5 4.5h.1',
  'M0 3h6',
  'M-1.5 4.5l3 3M0 0l6 6M4.5-1.5l3 3',
  'M3 0v6',
] as const;

export function patternOf(id: string, series: number): string {
  return `url(#${id}-${series})`;
}

/** The key of a series beside its name. */
export function Swatch({ id, series }: { readonly id: string; readonly series: number }) {
  return (
    <svg class="swatch" viewBox="0 0 12 12" aria-hidden="true" focusable="false">
      <rect width="12" height="12" rx="3" fill={patternOf(id, series)} />
    </svg>
  );
}
