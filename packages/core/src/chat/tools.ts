import { chatTools } from "@mh/contract/chat.ts";
import type { AnyContract } from "@mh/contract/contract.ts";
import { jsonSchemaOf } from "@mh/contract/json-schema.ts";
import { isReading } from "@mh/contract/values/effect.ts";
import type { Registry } from "../kernel/registry.ts";
import { defineQuery } from "../kernel/skill.ts";
import { countAlike, longWords } from "../model/alike-words.ts";
import type { ModelTool } from "../ports/model.ts";
import { instructionSkills, isForChat, usualSkills } from "./rights.ts";

const byNeedMax = 8;
const descriptionMax = 2_000;

/** Finds skills by words of what is needed. The turn that asked offers them to the model from then on. */
export function chatToolsSkill({ registry }: { registry: Registry }) {
  return defineQuery(chatTools, {
    run: ({ need, limit }) => ({
      tools: toolsFor(registry, need, limit).map(({ name, title }) => ({ name, title })),
    }),
  });
}

/** The skills that fit a need best: by words of their names, titles and arguments. */
function toolsFor(registry: Registry, need: string, limit = byNeedMax): AnyContract[] {
  const wanted = longWords(need);
  const contracts = registry.all().map(({ contract }) => contract);
  return contracts
    .filter(isForChat)
    .map((contract) => ({ contract, score: scoreOf(contract, wanted) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || (a.contract.name < b.contract.name ? -1 : 1))
    .slice(0, limit)
    .map(({ contract }) => contract);
}

/** A word of its name says most, one of its title more than one of its examples. */
function scoreOf({ name, title, examples }: AnyContract, wanted: readonly string[]): number {
  const inside = (text: string) => countAlike(wanted, text);
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
    const called = toolsFor(registry, words).map(({ name }) => name);
    const names = [...always, ...(hasInstructions ? instructionSkills : []), ...called, ...used, ...usualSkills];
    // A large form keeps no others out. Where there is no room left for that of plans, the turn proposes them by itself.
    this.#offer(names, Math.max(room / 4, usualSize));
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
      if (!contract || !isForChat(contract) || this.#offered.has(toolName(name))) continue;
      const tool = toolOf(contract);
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
    return (this.#offered.get(tool) ?? this.#offered.get(toolName(tool)))?.contract;
  }
}

function toolOf({ name, title, undo, effects, input }: AnyContract): ModelTool {
  const isLook = effects.every(isReading);
  const lasting = isLook || undo !== null ? "" : " It cannot be undone.";
  return {
    name: toolName(name),
    description: `${title}.${lasting}`.slice(0, descriptionMax),
    input: jsonSchemaOf(input),
  };
}

/** Models take no dots in names. */
const toolName = (skill: string): string => skill.replaceAll(".", "_").slice(0, 64);
