import { describe, expect, test } from 'vitest';
import { TurnError } from '../../app/conversation/turn-error.ts';

const random = 'zD--zoxKAuFpYp0A9LioqOmqVg_mK'.repeat(3);

describe('the message of a failed request holds no secret', () => {
  test.each([
    ['an access token', `aoaAAAAAG${random}`],
    ['a refresh token', `aorAAAAAG${random}`],
    ['an API key of Kiro', `ksk_${random}`],
    ['a key of ours', `kp-${random}`],
    ['a JWT', `eyJ0eXAiOiJKV1QifQ.eyJzdWIiOiIxIn0.${random}`],
    ['half a JWT', 'eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9'],
  ])('%s that Kiro quotes', (_, secret) => {
    for (const quoted of [secret, `"${secret}"`, `token=${secret}&x=1`, `${secret}, and more`]) {
      const { message } = new TurnError('refused', `Kiro refused: ${quoted}`);
      expect(message).toContain('[redacted]');
      expect(message).not.toContain(secret.slice(10, 30));
    }
  });

  test('whatever stands behind a bearer', () => {
    const { message } = new TurnError('refused', 'Invalid header "authorization: Bearer 1.AXoA_secret" (Bearer x)');
    expect(message).toBe('Invalid header "authorization: Bearer [redacted]" (Bearer [redacted])');
  });

  test('and other words stay as they are', () => {
    const words = 'The model claude-opus-5 of "me@example.com" (acc_abcdefghij) cools until 2026-11-23T05:00:00.000Z.';
    expect(new TurnError('all-cooling', words).message).toBe(words);
  });
});
