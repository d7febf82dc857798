/** One model that at least one account may use, as the client APIs present it (protocol §6.4). */
export interface Model {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  /** Size of the context window in tokens, when Kiro told. */
  readonly contextTokens?: number;
  readonly maxOutputTokens?: number;
  readonly inputTypes: readonly ('text' | 'image')[];
  /** Credits charged per unit of work, relative to 1. */
  readonly creditRate?: number;
  /** Efforts the model can be asked for; empty when it has no such dial. */
  readonly efforts: readonly string[];
}
