import { app, session, type WebContents, type WebFrameMain } from 'electron';
import { screenOrigin } from './screen-files.ts';

/** Whether a message comes from one of our screens, and from its top frame. The frame is null once it is gone. */
export function isOurScreen(frame: WebFrameMain | null): boolean {
  return frame !== null && frame.parent === null && isScreenUrl(frame.url);
}

/** Screens never leave themselves, open windows, embed pages, or get a permission (Electron's security checklist). */
export function guardScreens(): void {
  app.on('web-contents-created', (_event, contents) => guardContents(contents));
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.defaultSession.setPermissionCheckHandler(() => false);
}

function guardContents(contents: WebContents): void {
  const keep = (event: { preventDefault(): void; readonly url: string }): void => {
    if (!isScreenUrl(event.url)) event.preventDefault();
  };
  contents.on('will-navigate', keep);
  contents.on('will-redirect', keep);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

function isScreenUrl(url: string): boolean {
  const parsed = URL.parse(url);
  // The origin of a scheme that the platform does not know is opaque, so it is put together here.
  return parsed !== null && `${parsed.protocol}//${parsed.host}` === screenOrigin;
}
