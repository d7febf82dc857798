import type { SecretMint } from './secrets.ts';

const REGISTRATION_MS = 90 * 86_400_000;

/** One registered OIDC client (protocol §3.1). Times in ms. */
export interface OidcClient {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly regions: readonly string[];
  readonly scopes: readonly string[];
  readonly grantTypes: readonly string[];
  readonly issuedAt: number;
  expiresAt: number;
}

/** What a registration asks for. */
export interface ClientRequest {
  readonly region: string;
  readonly scopes: readonly string[];
  readonly grantTypes: readonly string[];
  readonly startUrl?: string | undefined;
}

/** The clients known to every region's OIDC endpoint. */
export class OidcClients {
  readonly #clients = new Map<string, OidcClient>();
  readonly #mint: SecretMint;
  readonly #now: () => number;

  constructor(mint: SecretMint, now: () => number) {
    this.#mint = mint;
    this.#now = now;
  }

  /** Registers a client that lives 90 days. */
  register(request: ClientRequest): OidcClient {
    const clientId = this.#mint.clientId();
    const issuedAt = this.#now();
    const client: OidcClient = {
      clientId,
      clientSecret: this.#mint.clientSecret(clientId, request.startUrl ?? 'https://view.awsapps.com/start'),
      regions: [request.region],
      scopes: request.scopes,
      grantTypes: request.grantTypes,
      issuedAt,
      expiresAt: issuedAt + REGISTRATION_MS,
    };
    this.#clients.set(clientId, client);
    return client;
  }

  /** Takes over a client that a fixture names. Several fixtures share one id: their regions add up. */
  adopt(client: OidcClient): void {
    const known = this.#clients.get(client.clientId);
    this.#mint.adopt(client.clientSecret);
    this.#clients.set(client.clientId, { ...client, regions: [...(known?.regions ?? []), ...client.regions] });
  }

  /** The client of that id, expired or not. */
  find(clientId: string): OidcClient | undefined {
    return this.#clients.get(clientId);
  }
}
