/**
 * Which icons there are. Drawn in `build/icons/*.svg`, rendered by `npm run icons` into the folders `app` and `tray` beside
 * them, and taken along by the build under the same names.
 */

/** Pixels of the app icon, as Linux's icon theme and the containers of Windows and macOS want it. */
export const appSizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024] as const;

/** Below this the rim is drawn wider and the second wave is left out. */
export const smallUpTo = 32;

export const icoSizes = [16, 20, 24, 32, 48, 256] as const;
export const trayIcoSizes = [16, 20, 24, 32, 48] as const;
export const icnsSizes = [16, 32, 64, 128, 256, 512, 1024] as const;

/** Told apart by their shape: a full pool, a half one whose rim is open at a dot, an empty one struck through. */
export const trayStates = ['fine', 'low', 'empty'] as const;

/** Panels of Linux and Windows are light or dark; macOS colours a template by itself. */
export const panels = { light: '#1f2328', dark: '#ffffff' } as const;
export const traySizes = [22, 24, 32, 48] as const;

/** Pixels of macOS's menu bar icon; `@2x` is twice that. */
export const templateSize = 18;
