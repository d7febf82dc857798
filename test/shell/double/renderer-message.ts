/** What a preload tells the main process, as JSON; values are coded once more (clone.ts). */
export type RendererMessage =
  | { readonly type: 'title'; readonly title: string }
  | { readonly type: 'preload-error'; readonly path: string; readonly message: string }
  | { readonly type: 'send'; readonly channel: string; readonly args: string }
  | { readonly type: 'invoke'; readonly id: number; readonly channel: string; readonly args: string };
