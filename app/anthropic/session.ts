/**
 * The session in `metadata.user_id`: Claude Code writes a JSON object there, and wrote `user_…_session_<uuid>` before. What
 * has neither form names a user, whose requests belong together too.
 */
export function sessionOf(userId: string): string | undefined {
  return jsonSession(userId) ?? /session_([\w-]+)$/.exec(userId)?.[1] ?? (userId.slice(0, 256) || undefined);
}

function jsonSession(userId: string): string | undefined {
  if (!userId.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(userId);
    if (typeof value !== 'object' || value === null || !('session_id' in value)) return undefined;
    return typeof value.session_id === 'string' && value.session_id !== '' ? value.session_id : undefined;
  } catch {
    return undefined;
  }
}
