/**
 * Takes out of a message what looks like a token of Kiro, a key of ours or a JWT, and what stands behind a bearer or the name
 * of a secret. The other side of a connection, or a gateway on the way, may quote in its refusal what it was sent. "The bearer
 * token" of plain prose stays.
 */
export function withoutTokens(text: string): string {
  return text
    .replaceAll(/\b(?:ao[ar][\w-]{16,}|ksk_[\w-]{8,}|kp-[\w-]{20,}|eyJ[\w-]{8,}(?:\.[\w.-]+)?)/g, '[redacted]')
    .replaceAll(/(?<=\bbearer )(?!tokens?\b)[^\s"',)]+/gi, '[redacted]')
    .replaceAll(
      /(?<=(?:access_?token|refresh_?token|client_?secret|api_?key|password)["']?\s*[:=]\s*["']?)[^\s"'&,}]+/gi,
      '[redacted]',
    );
}
