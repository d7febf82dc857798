import type { Caller, CallerProfile } from '../../app/kiro/caller.ts';
import { isApiRegion, type Endpoints } from '../../app/kiro/endpoints.ts';
import { createPayload } from '../../app/kiro/payload.ts';
import { createTransport, type Transport } from '../../app/kiro/transport.ts';
import type { TurnRequest } from '../../app/kiro/turn-client.ts';
import type { Conversation } from '../../app/conversation/conversation.ts';
import { startEmulator, type AccountSpec, type EmulatedAccount, type Emulator } from '../emulator/emulator.ts';
import { plain, said } from './conversations.ts';

/** An emulator, a transport to it, and one account as a caller. */
export interface World extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly transport: Transport;
  readonly endpoints: Endpoints;
  readonly account: EmulatedAccount;
  readonly caller: Caller;
}

export async function worldOf(spec: AccountSpec): Promise<World> {
  const emulator = await startEmulator();
  const transport = createTransport({ userAgent: 'kiro-pool/1.2.3' });
  const account = emulator.addAccount(spec);
  return {
    emulator,
    transport,
    endpoints: { ...emulator.endpoints, replaced: true },
    account,
    caller: callerOf(account),
    [Symbol.asyncDispose]: async () => {
      await emulator.close();
      await transport.close();
    },
  };
}

export function callerOf(account: EmulatedAccount, profile: CallerProfile = profileOf(account)): Caller {
  return {
    key: account.id,
    bearer: account.apiKey ?? account.newLogin().accessToken,
    tokenType: account.kind === 'external-idp' ? 'EXTERNAL_IDP' : account.kind === 'api-key' ? 'API_KEY' : undefined,
    region: isApiRegion(account.apiRegion) ? account.apiRegion : 'us-east-1',
    profile,
  };
}

function profileOf({ kind, profileArn }: EmulatedAccount): CallerProfile {
  if (kind === 'api-key') return { type: 'api-key' };
  if (kind === 'builder-id') return { type: 'builder-id' };
  return profileArn === undefined ? { type: 'unknown' } : { type: 'own', arn: profileArn };
}

/** A turn with four sends at most; `sends` counts them. */
export function turnOf(
  content: string,
  more: { modelId?: string; conversation?: Conversation; signal?: AbortSignal; maxSends?: number } = {},
): TurnRequest & { sends: number } {
  const payload = createPayload(more.conversation ?? plain([said(content)]), {
    modelId: more.modelId ?? 'claude-haiku-4.5',
    model: undefined,
    conversationId: 'conversation',
    continuationId: 'continuation',
  });
  const turn = {
    payload,
    contextTokens: () => undefined,
    signal: more.signal ?? new AbortController().signal,
    sends: 0,
    takeSend: () => {
      if (turn.sends >= (more.maxSends ?? 4)) return false;
      turn.sends += 1;
      return true;
    },
  };
  return turn;
}
