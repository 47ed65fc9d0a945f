import type { Fault } from "@mh/contract/values/fault.ts";

/** A JSON Schema, as a model is given it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A tool as a model is shown it. */
export interface ModelTool {
  name: string;
  description: string;
  input: JsonSchema;
}

/** A tool call that a model proposes: data from outside, which nothing but the gate turns into a command. */
export interface ModelCall {
  id: string;
  name: string;
  args: Record<string, unknown>;
}

export type ModelMessage =
  | { role: "system" | "user"; text: string }
  | { role: "assistant"; text: string; calls?: readonly ModelCall[] | undefined }
  /** What a call gave; `call` is its id. */
  | { role: "tool"; call: string; name: string; text: string };

export interface ModelRequest {
  messages: readonly ModelMessage[];
  tools?: readonly ModelTool[] | undefined;
  /** The text must be JSON of this form. */
  schema?: JsonSchema | undefined;
  /** How much the model may write. */
  tokensMax: number;
  temperature?: number | undefined;
  signal: AbortSignal;
}

/** Tokens, as the server counts them. */
export interface ModelUsage {
  input: number;
  output: number;
}

/** `length`: it was cut. `refused`: the server's own filter ended it. */
export type EndReason = "stop" | "calls" | "length" | "refused";

/** The last event is `end`, `failed` or `cancelled`, and there is one of these. */
export type ModelEvent =
  | { type: "text"; text: string }
  /** What it says to itself before it answers. */
  | { type: "thought"; text: string }
  | { type: "call"; call: ModelCall }
  /** A call that is none: its arguments are no JSON object. */
  | { type: "bad-call"; name: string; text: string }
  | { type: "end"; reason: EndReason; usage?: ModelUsage | undefined }
  | { type: "failed"; fault: Fault }
  | { type: "cancelled" };

export interface Embedded {
  /** One for each text, in their order. */
  vectors: number[][];
  usage?: ModelUsage | undefined;
}

/** A model that a server has. */
export interface ServedModel {
  name: string;
  sizeBytes?: number | undefined;
}

/** What a server tells of a model. */
export interface ModelFacts {
  /** How much it can read at once, whatever the settings say. */
  contextTokens?: number | undefined;
  /** As in `completion`, `tools`, `embedding`. */
  abilities?: string[] | undefined;
}

/** How far a model has come that is being fetched. */
export interface PullProgress {
  status: string;
  doneBytes: number;
  totalBytes: number | null;
}

/**
 * A server that runs models. `generate` never throws: every end is an event. The others throw `model.failed`.
 * To abort the signal, or to stop reading, ends the connection.
 */
export interface ModelServer {
  generate(model: string, request: ModelRequest): AsyncIterable<ModelEvent>;
  embed(model: string, texts: readonly string[], signal: AbortSignal): Promise<Embedded>;
  list(signal: AbortSignal): Promise<ServedModel[]>;
  /** Where this kind of server tells. */
  describe?(model: string, signal: AbortSignal): Promise<ModelFacts>;
  version?(signal: AbortSignal): Promise<string>;
  /** Fetches a model, where this kind of server can. */
  pull?(model: string, signal: AbortSignal, onProgress: (progress: PullProgress) => void): Promise<void>;
}
