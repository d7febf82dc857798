/** Runs `run` once after `ms` and returns what calls it off. Must not keep the process alive. */
export type After = (ms: number, run: () => void) => () => void;

/** Real time. */
export const unrefTimer: After = (ms, run) => {
  const timer = setTimeout(run, ms).unref();
  return () => clearTimeout(timer);
};
