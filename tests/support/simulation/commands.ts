import type { Command, Outcome } from "@mh/contract/wire/command.ts";
import type { TestHost } from "@mh/testing";
import type { Dice } from "../../fuzz/dice.ts";
import { dataMakers } from "./data-makers.ts";
import { shelved } from "./model.ts";
import { ownerMakers } from "./owner-makers.ts";
import type { Known, Planned } from "./planned.ts";

/** A command that was given, and what its caller was told: nothing where all was over before. */
export interface Given {
  name: string;
  command: Command & { id: string };
  /** Commands that were given at once have the same. */
  batch: number;
  planned: Planned;
  told: Outcome | undefined;
}

/** What its owner made a file say in an editor: `key` as in a model. */
export interface HandEdit {
  key: string;
  says: string;
}

/** What happened, in order. */
export type Event = Given | HandEdit;

const makers = [...dataMakers, ...ownerMakers].flatMap(([weight, make]) => Array.from({ length: weight }, () => make));

/** The next command; never one about what is not there. */
export function nextCommand(dice: Dice, n: string, known: Known): Planned {
  for (;;) {
    const planned = dice.pick(makers)(dice, n, known);
    if (planned) return planned;
  }
}

/** Notes what a command made that later ones may be about, and waits for what it approved. */
export async function learn(home: TestHost, known: Known, { planned, told }: Given): Promise<void> {
  if (told?.status === "parked") {
    const shown = await home.act("owner", "approval.show", { id: told.id });
    const { hash } = ((shown.status === "done" && shown.value) || {}) as { hash?: string };
    if (hash) known.parked.push({ id: told.id, hash, ...(planned.asks && { asks: planned.asks }) });
  }
  if (told?.status !== "done") return;
  if (planned.approves) await home.host.wait(planned.approves).catch(() => undefined);
  planned.tells?.(known, told.value);
}

/** What a home says, as a model does. */
export async function stateOf(home: TestHost): Promise<Map<string, string>> {
  const { memories } = await home.own("memory.list", { limit: 1000, archived: "too" });
  const { tasks } = await home.own("task.list", { all: true });
  const { grants, plans } = await home.own("grant.list", { all: true });
  const { sections } = await home.own("persona.show", {});
  const { inForce } = await home.own("config.show", {});
  return new Map([
    ...memories.map(({ id, content, archived }): [string, string] => [
      `memory ${id}`,
      archived === undefined ? content : content + shelved,
    ]),
    ...tasks.map(({ id, title, status }): [string, string] => [`task ${id}`, `${title} ${status}`]),
    ...grants
      .filter(({ principal, status }) => /^agent:[ab]/.test(principal) && status === "given")
      .map(({ principal, status }): [string, string] => [`grant ${principal}`, status]),
    ...plans
      .filter(({ status }) => status !== "revoked")
      .map(({ title }): [string, string] => [`plan ${title}`, "given"]),
    ...sections.map(({ section, text }): [string, string] => [`persona ${section}`, text.trim()]),
    ["config owner", String(inForce.owner)],
  ]);
}
