/**
 * What an HTTP proxy did not do, in words without a full stop; undefined when an error is not the proxy's. What fails like this
 * has not left this machine. undici tells a refusal in a sentence alone, and a proxy that is not there like any other host.
 * @param host that was to be reached through it
 */
export function proxyFailure(proxy: URL, host: string, cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  const status = /^Proxy response \((\d{3})\)/.exec(cause.message)?.[1];
  if (status === '407') return `The proxy at ${proxy.host} wants a user name and a password (407)`;
  if (status !== undefined) return `The proxy at ${proxy.host} lets nothing through to ${host} (${status})`;
  if (codeOf(cause) === 'UND_ERR_PRX_CONN') return `The proxy at ${proxy.host} closed the connection to ${host}`;
  if (isOfConnectingTo(proxy, cause)) return `The proxy at ${proxy.host} does not answer (${codeOf(cause)})`;
  return undefined;
}

/** Hosts that `NO_PROXY` leaves out are connected to from here, too. */
function isOfConnectingTo(proxy: URL, cause: Error): boolean {
  if (cause instanceof AggregateError) {
    return cause.errors.every((each: unknown) => each instanceof Error && isOfConnectingTo(proxy, each));
  }
  if ('hostname' in cause) return cause.hostname === proxy.hostname;
  // A URL leaves out the port that goes without saying.
  const port = proxy.port || (proxy.protocol === 'https:' ? '443' : '80');
  return 'syscall' in cause && cause.syscall === 'connect' && 'port' in cause && String(cause.port) === port;
}

function codeOf(cause: Error): string | undefined {
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
}
