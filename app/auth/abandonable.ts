/** Waits for something shared until the caller's `signal` says to give up; the shared thing goes on. */
export async function abandonable<T>(shared: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await shared;
  signal.throwIfAborted();
  const { promise: left, resolve } = Promise.withResolvers<'left'>();
  const leave = (): void => resolve('left');
  signal.addEventListener('abort', leave, { once: true });
  try {
    const first = await Promise.race([shared.then((value) => ({ value })), left]);
    if (first === 'left') throw signal.reason;
    return first.value;
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
