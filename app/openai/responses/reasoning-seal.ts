import * as v from 'valibot';
import type { ReasoningProof } from '../../conversation/conversation.ts';

/**
 * A proof of reasoning as `encrypted_content`, for the client to keep and to send back. It is encoded, not encrypted: Kiro signed
 * it, and the client may read its own model's reasoning.
 * @param model as the client named it: a proof is worthless to another one
 */
export function sealProof(proof: ReasoningProof, model: string): string {
  return PREFIX + Buffer.from(JSON.stringify({ model, proof })).toString('base64url');
}

/** The proof in `encrypted_content`; undefined for another service's, another model's, or a damaged one. */
export function openProof(sealed: string, model: string): ReasoningProof | undefined {
  if (!sealed.startsWith(PREFIX)) return undefined;
  try {
    const content: unknown = JSON.parse(Buffer.from(sealed.slice(PREFIX.length), 'base64url').toString('utf8'));
    const { success, output } = v.safeParse(sealedProof, content);
    return success && output.model === model ? output.proof : undefined;
  } catch {
    return undefined;
  }
}

const PREFIX = 'kiro-pool-1.';

const sealedProof = v.object({
  model: v.string(),
  proof: v.variant('type', [
    v.object({ type: v.literal('signed'), text: v.string(), signature: v.string() }),
    v.object({ type: v.literal('opaque'), signature: v.string() }),
    v.object({ type: v.literal('redacted'), data: v.string() }),
  ]),
});
