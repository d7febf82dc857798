import { createHash } from 'node:crypto';
import type { Conversation } from '../conversation/conversation.ts';

/**
 * Names the session that a request belongs to: the client's own id where it gives one, else a hash of how the conversation
 * begins, which stays the same while it grows.
 */
export function sessionKeyOf(hint: string | undefined, conversation: Conversation): string {
  if (hint !== undefined && hint !== '') return digest(`hint\0${hint}`);
  const first = conversation.turns[0];
  const beginning =
    first?.role === 'user' ? first.parts.map((part) => (part.type === 'text' ? part.text : part.type)) : [];
  return digest(['turns', conversation.model, conversation.system, ...beginning].join('\0'));
}

/** An id of the UUID form that Kiro's clients use, always the same for the same text (protocol §4.10). */
export function uuidFrom(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
