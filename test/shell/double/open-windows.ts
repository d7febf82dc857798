/** What quitting needs of a window. */
export interface OpenWindow {
  close(): void;
  destroy(): void;
}

/** The windows that are not closed yet, in the order they were made. */
export const openWindows = new Set<OpenWindow>();
