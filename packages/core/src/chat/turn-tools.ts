import { chatTools } from "@mh/contract/chat.ts";
import type { AnyContract } from "@mh/contract/contract.ts";
import { jsonSchemaOf } from "@mh/contract/json-schema.ts";
import { isReading } from "@mh/contract/values/effect.ts";
import type { Registry } from "../kernel/registry.ts";
import { wantedWords, wordsAlike } from "../memory/search/alike-words.ts";
import type { ModelTool } from "../ports/model.ts";
import { toolName } from "../tools/tool-name.ts";
import { instructionSkills, isForChat, usualSkills } from "./rights.ts";

const byNeedMax = 8;
const descriptionMax = 2_000;
/** As long as servers of models take it. */
const nameMax = 64;

/** The skills that fit a need best: by words of their names, titles and arguments. */
export function toolsFor(
  registry: Registry,
  need: string,
  limit = byNeedMax,
): { contract: AnyContract; score: number }[] {
  const sharedBy = wordsAlike(wantedWords(need));
  const contracts = registry.all().map(({ contract }) => contract);
  return contracts
    .filter(isOffered)
    .map((contract) => ({ contract, score: scoreOf(contract, sharedBy) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || (a.contract.name < b.contract.name ? -1 : 1))
    .slice(0, limit);
}

/** A step of another skill is nobody's to call. */
const isOffered = (contract: AnyContract): boolean => isForChat(contract) && contract.stepOf === undefined;

/** From here on a skill's name or title bears a word of what is needed, and not its examples alone. */
const namedFrom = 2;

/** A word of its name says most, one of its title more than one of its examples. */
function scoreOf({ name, title, examples }: AnyContract, sharedBy: (text: string) => string[]): number {
  const inside = (text: string) => sharedBy(text).length;
  return 4 * inside(name) + 2 * inside(title) + inside(examples.map((example) => example.title).join(" "));
}

const always = ["memory.search", "chat.tools"];
const foundRoom = 4_000;
/** Characters. Few skills' forms are larger. */
const usualSize = 2_000;

/** The tools of one turn: the usual ones, those that the owner's words call for, and those that were looked for. */
export class TurnTools {
  readonly #registry: Registry;
  readonly #offered = new Map<string, { contract: AnyContract; tool: ModelTool }>();
  #room: number;

  /**
   * `used`: skills that the chat used before. `room`: how many characters the tools may take of the model's context.
   * `hasInstructions`: the owner allowed some that can be read.
   */
  constructor(
    registry: Registry,
    {
      words,
      used,
      room,
      hasInstructions,
    }: { words: string; used: readonly string[]; room: number; hasInstructions: boolean },
  ) {
    this.#registry = registry;
    this.#room = room;
    const called = toolsFor(registry, words);
    const named = called.filter(({ score }) => score >= namedFrom).map(({ contract }) => contract.name);
    const instructions = hasInstructions ? instructionSkills : [];
    // What a word of an example alone calls for keeps no usual one out.
    const rest = called.map(({ contract }) => contract.name);
    const names = [...always, ...instructions, ...named, ...used, ...usualSkills, ...rest];
    // A large form keeps no others out. Where there is no room left for that of plans, the turn proposes them by itself.
    this.#offer(names, Math.max(room / 3, usualSize));
    this.#offer(names);
  }

  /** What `chat.tools` found has room of its own. */
  offerFound(found: unknown): void {
    this.#room = Math.max(this.#room, foundRoom);
    this.#offer(chatTools.output.parse(found).tools.map(({ name }) => name));
  }

  /** As many of them as there is room for; none that is larger than `sizeMax`, in characters. */
  #offer(names: readonly string[], sizeMax = Number.POSITIVE_INFINITY): void {
    for (const name of names) {
      const contract = this.#registry.find(name)?.contract;
      if (!contract || !isOffered(contract) || this.#called(name)) continue;
      const tool = toolOf(contract, this.#freeName(name));
      const size = JSON.stringify(tool).length;
      if (size > Math.min(sizeMax, this.#room)) continue;
      this.#room -= size;
      this.#offered.set(tool.name, { contract, tool });
    }
  }

  /** As a model is shown them. */
  get shown(): ModelTool[] {
    return [...this.#offered.values()].map(({ tool }) => tool);
  }

  /** The skill that a model means, by the tool's name or by the skill's own; undefined where it was offered no such tool. */
  skillOf(tool: string): AnyContract | undefined {
    return this.#offered.get(tool)?.contract ?? this.#called(tool);
  }

  /** What is offered of that name of a skill. */
  #called(skill: string): AnyContract | undefined {
    return [...this.#offered.values()].find(({ contract }) => contract.name === skill)?.contract;
  }

  /** A name that is too long is cut, and numbered where another one begins alike. */
  #freeName(skill: string): string {
    const whole = toolName(skill);
    let name = whole.slice(0, nameMax);
    for (let n = 2; this.#offered.has(name); n += 1) name = `${whole.slice(0, nameMax - 3)}_${n}`;
    return name;
  }
}

function toolOf({ title, undo, effects, input }: AnyContract, name: string): ModelTool {
  const isLook = effects.every(isReading);
  const lasting = isLook || undo !== null ? "" : " It cannot be undone.";
  return {
    name,
    description: `${title}.${lasting}`.slice(0, descriptionMax),
    input: brief(jsonSchemaOf(input)) as ModelTool["input"],
  };
}

const bounds: ReadonlySet<string> = new Set(["minLength", "maxLength", "minItems", "maxItems"]);

/**
 * A form without what takes room in a small model's context and tells it nothing: a format or a description says what its
 * pattern says, a constant what its type is, and the gate refuses what is empty, too long or not asked for.
 */
function brief(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(brief);
  if (typeof schema !== "object" || schema === null) return schema;
  const parts = Object.entries(schema).filter(
    ([name, part]) =>
      !(name === "pattern" && typeof part === "string" && ("format" in schema || "description" in schema)) &&
      !(name === "type" && typeof part === "string" && "const" in schema) &&
      !(bounds.has(name) && typeof part === "number") &&
      !(name === "additionalProperties" && part === false),
  );
  return Object.fromEntries(parts.map(([name, part]) => [name, brief(part)]));
}
