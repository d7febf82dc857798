/** Chromium's numbers of errors (net/base/net_error_list.h), by what its protocol calls them. */
export const errorNumbers: Readonly<Record<string, number>> = {
  'net::ERR_ABORTED': -3,
  'net::ERR_UNEXPECTED': -9,
  'net::ERR_BLOCKED_BY_CLIENT': -20,
  'net::ERR_UNKNOWN_URL_SCHEME': -302,
};

export interface LoadError extends Error {
  readonly code: string;
  readonly errno: number;
  readonly url: string;
}

/** What `loadURL` rejects with. */
export function loadError(code: string, errno: number, url: string): LoadError {
  return Object.assign(new Error(`${code} (${errno}) loading '${url}'`), { code, errno, url });
}
