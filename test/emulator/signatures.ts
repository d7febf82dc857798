/** The reasoning signatures that the emulator issued: each belongs to one model and one text (protocol §9.3). */
export class SignatureBook {
  readonly #issued = new Map<string, { model: string; text: string }>();

  /** Remembers what a signature stands for. */
  issue(signature: string, model: string, text: string): void {
    this.#issued.set(signature, { model, text });
  }

  /** What a signature stands for; `undefined` when it was never issued. */
  find(signature: string): { model: string; text: string } | undefined {
    return this.#issued.get(signature);
  }
}
