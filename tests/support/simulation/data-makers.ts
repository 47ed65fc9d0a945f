import { shelved } from "./model.ts";
import { idOf, type Known, type Make, type Planned, type Weighted } from "./planned.ts";

type List = "memories" | "notes" | "fixed";

/** A memory that says something from now on. */
function tells(skill: string, args: unknown, text: string, list: List): Planned {
  return {
    ...{ skill, args },
    does: (model, cmd, value) => model.write(new Map([[`memory ${idOf(value)}`, text]]), cmd),
    tells: (known, value) => known[list].push(idOf(value)),
  };
}

const capture: Make = (_dice, n) =>
  tells("memory.capture", { text: `Note ${n} by the river` }, `Note ${n} by the river`, "memories");

const prefer: Make = (_dice, n) =>
  tells("memory.prefer", { text: `Prefer ${n} to coffee` }, `Prefer ${n} to coffee`, "notes");

const learn: Make = (_dice, n) =>
  tells("memory.learn", { title: `Learn ${n}`, text: `Step ${n} first` }, `Learn ${n}\n\nStep ${n} first`, "fixed");

const fact: Make = (_dice, n) =>
  tells(
    "fact.add",
    { subject: `Town ${n}`, predicate: "has", object: `Tower ${n}` },
    `Town ${n} — has: Tower ${n}`,
    "fixed",
  );

const relate: Make = (_dice, n) =>
  tells("relationship.relate", { a: `Sarah ${n}`, b: "Tom", type: "knows" }, `Sarah ${n} — knows: Tom`, "fixed");

const importItems: Make = (_dice, n) => {
  const texts = [`Imported ${n} first`, `Imported ${n} second`];
  const items = texts.map((content, at) => ({ externalId: `${n}-${at}`, content }));
  const idsOf = (value: unknown) => (value as { results: { id: string }[] }).results.map(({ id }) => id);
  return {
    skill: "memory.import",
    args: { source: "phone", from: "phone", items },
    does: (model, cmd, value) =>
      model.write(new Map(idsOf(value).map((id, at) => [`memory ${id}`, texts[at] as string])), cmd),
    tells: (known, value) => known.memories.push(...idsOf(value)),
  };
};

/** Nobody granted it yet. */
const firstUse: Make = (_dice, n) => ({
  ...tells("memory.capture", { text: `Agent ${n} was here` }, `Agent ${n} was here`, "memories"),
  principal: `agent:b${n}`,
  isAsked: true,
  asks: `agent:b${n}`,
});

const edit: Make = (dice, n, { memories, notes }) => {
  const id = dice.pick([...memories, ...notes]);
  const text = `Edited ${n} again`;
  const does: Planned["does"] = (model, cmd) => {
    const was = model.state.get(`memory ${id}`) ?? "";
    model.write(new Map([[`memory ${id}`, was.endsWith(shelved) ? text + shelved : text]]), cmd);
  };
  return { skill: "memory.edit", args: { id, text }, does };
};

/** What a memory says does not change, but whether lists show it. */
function shelves(
  skill: string,
  { memories }: Known,
  pick: number,
  says: (text: string) => string,
): Planned | undefined {
  if (memories.length === 0) return undefined;
  const id = memories[pick % memories.length] as string;
  const key = `memory ${id}`;
  return {
    ...{ skill, args: { ids: [id] } },
    does: (model, cmd) => model.write(new Map([[key, says(model.state.get(key) ?? "")]]), cmd),
  };
}

const archive: Make = (dice, _n, known) => shelves("memory.archive", known, dice.below(100), (text) => text + shelved);

const unarchive: Make = (dice, _n, known) =>
  shelves("memory.unarchive", known, dice.below(100), (text) => text.replace(shelved, ""));

const forget: Make = (dice, _n, { memories, notes, fixed }) => {
  const id = dice.pick([...memories, ...notes, ...fixed]);
  return { skill: "memory.forget", isAsked: true, args: { id }, does: (model) => model.forget(`memory ${id}`) };
};

const addTask: Make = (_dice, n) => ({
  skill: "task.add",
  args: { title: `Task ${n}` },
  does: (model, cmd, value) => model.write(new Map([[`task ${idOf(value)}`, `Task ${n} open`]]), cmd),
  tells: (known, value) => known.tasks.push(idOf(value)),
});

const editTask: Make = (dice, n, { tasks }) => {
  if (tasks.length === 0) return undefined;
  const id = dice.pick(tasks);
  return {
    skill: "task.edit",
    args: { id, title: `Renamed ${n}` },
    does: (model, cmd) => {
      const was = model.state.get(`task ${id}`) ?? "";
      model.write(new Map([[`task ${id}`, was.replace(/^.* (?=\w+$)/, `Renamed ${n} `)]]), cmd);
    },
  };
};

const statuses = { start: "started", finish: "done", drop: "dropped", reopen: "open" };

const moveTask: Make = (dice, _n, { tasks }) => {
  if (tasks.length === 0) return undefined;
  const id = dice.pick(tasks);
  const move = dice.pick(["start", "finish", "finish", "drop", "reopen"] as const);
  return {
    skill: `task.${move}`,
    args: { id },
    does: (model, cmd) => {
      const was = model.state.get(`task ${id}`) ?? "";
      model.write(new Map([[`task ${id}`, was.replace(/\w+$/, statuses[move])]]), cmd);
    },
  };
};

const persona: Make = (dice, n) => {
  const section = dice.pick(["values", "persona"]);
  return {
    skill: "persona.update",
    args: { section, text: `Value ${n}` },
    does: (model, cmd) => model.write(new Map([[`persona ${section}`, `Value ${n}`]]), cmd),
  };
};

/** What is the owner's to tell: memories, tasks, persona. */
export const dataMakers: readonly Weighted[] = [
  [4, capture],
  [2, prefer],
  [1, learn],
  [1, fact],
  [1, relate],
  [2, importItems],
  [2, firstUse],
  [3, edit],
  [2, archive],
  [1, unarchive],
  [2, forget],
  [3, addTask],
  [1, editTask],
  [2, moveTask],
  [2, persona],
];
