import type { Emulator } from '../emulator/emulator.ts';

/** One refresh token's way at Kiro: when it was traded, for which tokens, and how often it came again. Times in epoch ms. */
export interface Rotation {
  readonly account: string;
  readonly at: number;
  /** What came of it. */
  readonly refreshToken: string;
  readonly accessToken: string;
  /** When the new access token was first used; undefined while it was not. */
  usedAt: number | undefined;
  /** In which lives of the process the traded refresh token was sent once more. */
  readonly reusedIn: number[];
}

/** Kiro's side of the books: every rotation that it committed, by the refresh token that was traded. */
export class TokenLedger {
  readonly #byTraded = new Map<string, Rotation>();
  readonly #byAccess = new Map<string, Rotation>();
  /** Which life of the process this is; the owner counts. */
  life = 0;

  /** Listens at the emulator's token families from now on. */
  constructor({ world: { families } }: Emulator) {
    const rotate = families.rotate.bind(families);
    const authenticate = families.authenticate.bind(families);
    families.rotate = (traded) => {
      const outcome = rotate(traded);
      if (outcome.outcome === 'rotated') {
        const { refreshToken, accessToken } = outcome.tokens;
        const at = Date.now();
        const account = outcome.family.accountId;
        const rotation = { account, at, refreshToken, accessToken, usedAt: undefined, reusedIn: [] };
        this.#byTraded.set(traded, rotation);
        this.#byAccess.set(accessToken, rotation);
      } else {
        this.#byTraded.get(traded)?.reusedIn.push(this.life);
      }
      return outcome;
    };
    families.authenticate = (accessToken) => {
      const rotation = this.#byAccess.get(accessToken);
      if (rotation) rotation.usedAt ??= Date.now();
      return authenticate(accessToken);
    };
  }

  /** The rotation that spent this refresh token, if one did. */
  of(traded: string): Rotation | undefined {
    return this.#byTraded.get(traded);
  }

  get rotations(): readonly Rotation[] {
    return [...this.#byTraded.values()];
  }
}
