import type { Layer } from "../values/effect.ts";
import type { FaultCode } from "../values/fault.ts";
import type { Principal } from "../values/principal.ts";
import type { LayerReport } from "../values/record.ts";

/** The unit that rights and provenance hang on: what was asked for, in the words of the one who asked. */
export interface Task {
  id: string;
  /** For a person, what they typed. */
  words: string;
  /** A person types them; a program's are its file and its settings, in which a number is no sum unless it is called one. */
  by?: "person" | "program" | undefined;
}

/** What someone wants done. The id makes it idempotent: the same id returns the stored outcome. */
export interface Command {
  id?: string | undefined;
  principal: Principal;
  skill: string;
  args: unknown;
  task?: Task | undefined;
  /** Id of the command that caused this one; rights along the chain intersect. */
  cause?: string | undefined;
  onBehalfOf?: Principal | undefined;
  /** It came over HTTP by a token: its bearer need not sit at this machine. */
  isByToken?: boolean | undefined;
}

/** Why a command was not simply done. */
export interface Refusal {
  layer: Layer;
  reason: string;
  rules: string[];
  layers: LayerReport[];
}

/** How a command ended. `repeated`: it was done before under this id, and its value cannot be given a second time. */
export type Outcome<Value = unknown> =
  | { status: "done"; id: string; value: Value }
  | { status: "repeated"; id: string; reason: "once" | "expired"; message: string }
  | ({ status: "denied"; id: string } & Refusal)
  | ({ status: "parked"; id: string; approval: string; expiresAt: string } & Refusal)
  | { status: "failed"; id: string; fault: { code: FaultCode; message: string } }
  | { status: "interrupted"; id: string; message: string };
