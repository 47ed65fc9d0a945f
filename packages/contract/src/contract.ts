import type { z } from "zod";
import { once } from "./once.ts";
import { type Effect, isReading } from "./values/effect.ts";
import type { ToolFacts } from "./values/provenance.ts";

/**
 * `query` reads the owner's data; `own` changes them in one atomic commit; `outside` acts on the world; `admin` is an
 * `own` change of rules, grants, trust, approvals, keys or the log, for the owner alone.
 */
export const contractKinds = ["query", "own", "outside", "admin"] as const;
export type ContractKind = (typeof contractKinds)[number];

/** What the provenance rules need beside `control`. Where a contract is silent, anyone may have written its answer. */
export type ProvenanceFacts = Omit<Partial<ToolFacts>, "control">;

/**
 * What of the machine a skill may touch; the kernel and the ports that a skill is handed hold it to this. A host is a
 * name, `*` for any on the open Internet, `settings` for those that the owner's settings name, or `judged` for those of
 * the command's scope, wherever they are. A path is absolute,
 * `*` for whatever the command's scope names, or `settings`. A secret is a name, `*`, or `settings`.
 */
export interface Permissions {
  paths?: readonly string[];
  hosts?: readonly string[];
  secrets?: readonly string[];
  processes?: boolean;
}

/** One way to call a skill, as help, OpenAPI and a model's tool list show it. A test runs it past the judge. */
export interface Example<In> {
  /** What it does, in a few words. */
  title: string;
  args: In;
}

/** What a skill promises, apart from how it keeps it. Runs anywhere; the kernel parses arguments and answers with it. */
export interface Contract<
  Name extends string = string,
  Kind extends ContractKind = ContractKind,
  In extends z.ZodType = z.ZodType,
  Out extends z.ZodType = z.ZodType,
> {
  /** `noun.verb`. */
  readonly name: Name;
  readonly kind: Kind;
  /** Three numbers; with the hash of the whole contract it pins what was granted. */
  readonly version: string;
  /** What it does, in a sentence for the person who is asked to allow it. */
  readonly title: string;
  readonly input: In;
  readonly output: Out;
  readonly examples: readonly Example<z.input<In>>[];
  /** Every effect that it can have. */
  readonly effects: readonly Effect[];
  readonly permissions: Permissions;
  /** Top-level arguments that control the effect: recipients, paths, ids, amounts. */
  readonly control: readonly string[];
  /**
   * Arguments that point to something which the command does not carry: a file, a mail, an address. `pinned`: what stands
   * there is looked up, shown and held fast by an approval. Otherwise the sentence by which a request says that it is not.
   */
  readonly pointers?: Readonly<Record<string, string>>;
  readonly provenance?: ProvenanceFacts;
  /** How it is undone, in a few words; null where it cannot be, and the person who approves is told so. */
  readonly undo: string | null;
  /** Whether running it a second time after a crash does harm. */
  readonly retry: "safe" | "never";
  /** It changes nothing and may be repeated: what its effect says is only where it looks, as on this machine's disk. */
  readonly looks?: true;
  /** Announced once the outcome is in the journal. */
  readonly event?: string;
  /**
   * What the event is about: the kind of each thing, and the field of the answer, or else of the arguments, that holds
   * its id, as in `{ memory: "id" }`, or `"preference.id"` within a part of it.
   */
  readonly subjects?: Readonly<Record<string, string>>;
  /**
   * Part of the owner's recovery path: stopping, resuming, looking at the house, taking rights back, rules. For the owner at
   * this machine the shipped rules alone judge it, so that no rule of theirs can forbid it; it gives nobody else anything.
   */
  readonly recovery?: true;
  /**
   * Only as a step of a run of one of these skills, for the owner, too: what it is given is what that run read itself, and no caller's
   * own word.
   */
  readonly stepOf?: readonly string[];
  /** SHA-256 of the code behind it, where it is a third party's: another hash is another version. */
  readonly code?: string;
}

/** Whether a skill leaves nothing behind, whatever it is asked. */
export const onlyReads = ({ effects, looks }: Pick<AnyContract, "effects" | "looks">): boolean =>
  looks === true || effects.every((effect) => isReading(effect));

export type AnyContract = Contract<string, ContractKind, z.ZodType, z.ZodType>;
export type InputOf<C extends AnyContract> = z.input<C["input"]>;
export type ArgsOf<C extends AnyContract> = z.output<C["input"]>;
export type OutputOf<C extends AnyContract> = z.output<C["output"]>;

type Defaulted = "version" | "examples" | "permissions" | "control" | "undo" | "retry" | "effects" | "input" | "output";

/** A contract as it is written: schemas as functions, which run at first use, and only what is unusual. */
type Written<Name extends string, Kind extends ContractKind, In extends z.ZodType, Out extends z.ZodType> = Omit<
  Contract<Name, Kind, In, Out>,
  Defaulted
> &
  Partial<Omit<Contract<Name, Kind, In, Out>, "input" | "output" | "examples">> & {
    input: () => In;
    output: () => Out;
    examples: readonly [Example<z.input<In>>, ...Example<z.input<In>>[]];
  };

/**
 * Declares a contract. Usual for a query: effect `read`, nothing to undo, safe to repeat; for `own`: effect `write`,
 * undone by `mh undo`, safe to repeat; for `outside` and `admin`: cannot be undone, never repeated by itself.
 */
export function defineContract<
  const Name extends string,
  const Kind extends ContractKind,
  In extends z.ZodType,
  Out extends z.ZodType,
>(written: Written<Name, Kind, In, Out>): Contract<Name, Kind, In, Out> {
  const { input, output, ...rest } = written;
  const [inputOnce, outputOnce] = [once(input), once(output)];
  return {
    ...usual,
    ...usualOf[written.kind],
    ...rest,
    get input() {
      return inputOnce();
    },
    get output() {
      return outputOnce();
    },
  };
}

/** Takes back what commands wrote into the home: of a skill that writes nothing itself, the commands that it caused. */
export const undoCommand = "mh undo";

const usual = { version: "1.0.0", permissions: {}, control: [] } as const;

const usualOf = {
  query: { effects: ["read"], undo: null, retry: "safe" },
  own: { effects: ["write"], undo: undoCommand, retry: "safe" },
  outside: { effects: [], undo: null, retry: "never" },
  admin: { effects: ["admin"], undo: null, retry: "never" },
} as const satisfies Record<ContractKind, Pick<AnyContract, "effects" | "undo" | "retry">>;
