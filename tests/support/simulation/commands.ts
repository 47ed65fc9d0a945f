import type { Command, Outcome } from "@mh/contract/wire/command.ts";
import type { TestHost } from "@mh/testing";
import type { Dice } from "../../fuzz/dice.ts";
import type { Model } from "./model.ts";

/** One command, and what it does to what the home says if it is done. */
export interface Planned {
  skill: string;
  principal?: `agent:${string}`;
  args: unknown;
  /** It waits for an approval, even where the owner asks. */
  isAsked?: true;
  /** What was asked for before and runs by this. */
  approves?: string;
  /** An agent whose first use of a skill this is: an approval grants it. */
  asks?: string;
  /** `value` is what it answered, or what it answers when it is asked again. */
  does(model: Model, cmd: string, value: unknown): unknown;
}

/** A command that was given, and what its caller was told: nothing where all was over before. */
export interface Given {
  name: string;
  command: Command & { id: string };
  /** Commands that were given at once have the same. */
  batch: number;
  planned: Planned;
  told: Outcome | undefined;
}

/** What its owner made a note say in an editor. */
export interface HandEdit {
  id: string;
  content: string;
}

/** What happened, in order. */
export type Event = Given | HandEdit;

/** What a command may be about: what was acknowledged. */
export interface Known {
  memories: string[];
  /** Memories that are files of their own. */
  notes: string[];
  tasks: string[];
  snapshots: string[];
  parked: { id: string; hash: string; asks?: string }[];
}

type Make = (dice: Dice, n: string, known: Known) => Planned | undefined;

const idOf = (value: unknown): string => String((value as { id?: unknown } | undefined)?.id);

const capture: Make = (_dice, n) => ({
  skill: "memory.capture",
  args: { text: `Note ${n} by the river` },
  does: (model, cmd, value) => model.write(new Map([[`memory ${idOf(value)}`, `Note ${n} by the river`]]), cmd),
});

const note: Make = (_dice, n) => ({
  skill: "memory.prefer",
  args: { text: `Prefer ${n} to coffee` },
  does: (model, cmd, value) => model.write(new Map([[`memory ${idOf(value)}`, `Prefer ${n} to coffee`]]), cmd),
});

const firstUse: Make = (_dice, n) => ({
  skill: "memory.capture",
  principal: `agent:b${n}`,
  isAsked: true,
  asks: `agent:b${n}`,
  args: { text: `Agent ${n} was here` },
  does: (model, cmd, value) => model.write(new Map([[`memory ${idOf(value)}`, `Agent ${n} was here`]]), cmd),
});

const edit: Make = (dice, n, { memories, notes }) => {
  const id = dice.pick([...memories, ...notes]);
  return {
    skill: "memory.edit",
    args: { id, text: `Edited ${n} again` },
    does: (model, cmd) => model.write(new Map([[`memory ${id}`, `Edited ${n} again`]]), cmd),
  };
};

const relate: Make = (_dice, n) => ({
  skill: "relationship.relate",
  args: { a: `Sarah ${n}`, b: "Tom", type: "knows" },
  does: (model, cmd, value) => model.write(new Map([[`memory ${idOf(value)}`, `Sarah ${n} — knows: Tom`]]), cmd),
});

const forget: Make = (dice, _n, { memories, notes }) => {
  const id = dice.pick([...memories, ...notes]);
  return { skill: "memory.forget", isAsked: true, args: { id }, does: (model) => model.forget(`memory ${id}`) };
};

const addTask: Make = (_dice, n) => ({
  skill: "task.add",
  args: { title: `Task ${n}` },
  does: (model, cmd, value) => model.write(new Map([[`task ${idOf(value)}`, `Task ${n} open`]]), cmd),
});

const finishTask: Make = (dice, _n, { tasks }) => {
  if (tasks.length === 0) return undefined;
  const id = dice.pick(tasks);
  return {
    skill: "task.finish",
    args: { id },
    does: (model, cmd) => {
      const open = model.state.get(`task ${id}`) ?? "";
      model.write(new Map([[`task ${id}`, open.replace(/ open$/, " done")]]), cmd);
    },
  };
};

const configure: Make = (_dice, n) => ({
  skill: "config.set",
  args: { name: "owner", value: `Ada ${n}` },
  does: (model, cmd) => model.write(new Map([["config owner", `Ada ${n}`]]), cmd),
});

const persona: Make = (_dice, n) => ({
  skill: "persona.update",
  args: { section: "values", text: `Value ${n}` },
  does: (model, cmd) => model.write(new Map([["persona values", `Value ${n}`]]), cmd),
});

const grant: Make = (_dice, n) => ({
  skill: "grant.give",
  args: { principal: `agent:a${n}`, skill: "memory.list" },
  does: (model) => model.write(new Map([[`grant agent:a${n}`, "given"]])),
});

const undo: Make = () => ({
  skill: "history.undo",
  args: {},
  does: (model, _cmd, value) => model.undo((value as { commands: string[] }).commands),
});

const snapshot: Make = (_dice, n) => ({
  skill: "snapshot.create",
  args: { name: `s-${n}` },
  does: (model) => model.snapshot(`s-${n}`),
});

const restore: Make = (dice, _n, { snapshots }) => {
  if (snapshots.length === 0) return undefined;
  const name = dice.pick(snapshots);
  return { skill: "snapshot.restore", args: { name }, does: (model, cmd) => model.restore(name, cmd) };
};

const ask: Make = (_dice, n) => ({
  skill: "outbox.append",
  principal: "agent:mail",
  isAsked: true,
  args: { text: `line ${n}` },
  does: () => undefined,
});

const approve: Make = (dice, _n, { parked }) => {
  if (parked.length === 0) return undefined;
  const { id, hash, asks } = dice.pick(parked);
  const does = (model: Model) => asks && model.write(new Map([[`grant ${asks}`, "given"]]));
  return { skill: "approval.approve", args: { id, hash }, approves: id, does };
};

const weighted: [weight: number, make: Make][] = [
  [4, capture],
  [2, note],
  [2, firstUse],
  [3, edit],
  [2, relate],
  [2, forget],
  [3, addTask],
  [2, finishTask],
  [2, configure],
  [1, persona],
  [2, grant],
  [3, undo],
  [1, snapshot],
  [2, restore],
  [2, ask],
  [3, approve],
];
const makers = weighted.flatMap(([weight, make]) => Array.from({ length: weight }, () => make));

/** The next command; never one about what is not there. */
export function nextCommand(dice: Dice, n: string, known: Known): Planned {
  for (;;) {
    const planned = dice.pick(makers)(dice, n, known);
    if (planned) return planned;
  }
}

/** Notes what a command made that later ones may be about, and waits for what it approved. */
export async function learn(home: TestHost, known: Known, { command, planned, told }: Given): Promise<void> {
  if (told?.status === "parked") {
    const shown = await home.act("owner", "approval.show", { id: told.id });
    const { hash } = ((shown.status === "done" && shown.value) || {}) as { hash?: string };
    if (hash) known.parked.push({ id: told.id, hash, ...(planned.asks && { asks: planned.asks }) });
  }
  if (told?.status !== "done") return;
  if (planned.approves) await home.host.wait(planned.approves).catch(() => undefined);
  if (planned.skill === "memory.capture") known.memories.push(idOf(told.value));
  if (planned.skill === "memory.prefer") known.notes.push(idOf(told.value));
  if (planned.skill === "task.add") known.tasks.push(idOf(told.value));
  if (planned.skill === "snapshot.create") known.snapshots.push((command.args as { name: string }).name);
}

/** What a home says, as a model does. */
export async function stateOf(home: TestHost): Promise<Map<string, string>> {
  const { memories } = await home.own("memory.list", { limit: 1000 });
  const { tasks } = await home.own("task.list", { all: true });
  const { grants } = await home.own("grant.list", { all: true });
  const { sections } = await home.own("persona.show", {});
  const { inForce } = await home.own("config.show", {});
  return new Map([
    ...memories.map(({ id, content }): [string, string] => [`memory ${id}`, content]),
    ...tasks.map(({ id, title, status }): [string, string] => [`task ${id}`, `${title} ${status}`]),
    ...grants
      .filter(({ principal }) => /^agent:[ab]/.test(principal) && principal !== "agent:mail")
      .filter(({ status }) => status === "given")
      .map(({ principal, status }): [string, string] => [`grant ${principal}`, status]),
    ...sections.map(({ section, text }): [string, string] => [`persona ${section}`, text.trim()]),
    ["config owner", String(inForce.owner)],
  ]);
}
