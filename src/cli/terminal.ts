/** What a command knows of the world outside: where to write, and what it was told. */
export interface Terminal {
  /** To standard output, as it is: no line feed is added. */
  readonly write: (text: string) => void;
  /** To standard error, as it is: no line feed is added. */
  readonly complain: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether standard output shows colors. */
  readonly colors: boolean;
  /** The width of the terminal in characters; 80 when it has none. */
  readonly columns: number;
}
