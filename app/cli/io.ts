/** What a command has of the world. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether a person sits at standard input, who can be asked. */
  readonly isTerminal: boolean;
  /** How many letters fit into a line of the terminal, where there is one. */
  readonly columns?: number | undefined;
  /**
   * One line that must not be seen: typed without echo after the question where a person sits at the terminal, else the first
   * line of standard input.
   */
  readonly readInput: (question: string) => Promise<string>;
  /** Resolves when the user or the system asks the process to stop. */
  readonly stopRequested: () => Promise<void>;
}

/** Options that every command takes. */
export interface CommonOptions {
  readonly dataDir?: string;
  readonly json?: boolean;
}
