import type { Asked, Piece, Reply } from "./script.ts";

/** How a protocol writes what a script says. */
export interface Wire {
  type: string;
  asked(body: unknown): Asked;
  /** Before the first piece. */
  begin(asked: Asked, reply: Reply): string[];
  /** `index` counts the pieces. */
  piece(piece: Piece, index: number, asked: Asked): string[];
  end(asked: Asked, reply: Reply): string[];
  /** An error after the answer began. */
  error(): string;
  /** What an answer with an error says. */
  refusal(status: number): unknown;
  embedded(vectors: number[][], model: string): unknown;
  models(names: readonly string[]): unknown;
}

export const isCall = (piece: Piece): piece is Extract<Piece, { call: string }> => "call" in piece;

/** Two halves of a text, so that neither stands alone. */
export const halves = (text: string): [string, string] => {
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)];
};

export const sse = (data: unknown, event?: string): string =>
  `${event ? `event: ${event}\n` : ""}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;

export const roleOf = (role: unknown): Asked["messages"][number]["role"] =>
  role === "system" || role === "assistant" || role === "tool" ? role : role === "developer" ? "system" : "user";
