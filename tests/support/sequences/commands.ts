import * as fs from "node:fs";
import * as path from "node:path";
import fc, { type AsyncCommand } from "fast-check";
import { expect } from "vitest";
import * as acts from "./acts.ts";
import { agree } from "./agree.ts";
import { becomeCopy, type Crash, copyAtCrash } from "./crash.ts";
import { indexRows } from "./index-rows.ts";
import { saidIn } from "./model.ts";
import * as proposals from "./proposal-acts.ts";
import { indexOf, listed, type World } from "./world.ts";

type Command = AsyncCommand<object, World>;

/** A step: the clock moves, something is done, and all agrees with the model. */
class Step implements Command {
  readonly name: string;
  readonly act: acts.Act;
  readonly pick: number;
  readonly other: number;
  readonly forwardMs: number;
  readonly crash: Crash | undefined;

  constructor(name: string, act: acts.Act, pick: number, other: number, forwardMs: number, crash: Crash | undefined) {
    [this.name, this.act, this.pick, this.other, this.forwardMs, this.crash] = [
      name,
      act,
      pick,
      other,
      forwardMs,
      crash,
    ];
  }

  check = () => true;

  async run(_model: object, world: World): Promise<void> {
    world.home.clock.forward(this.forwardMs);
    if (this.crash) await crashed(world, this.act, this, this.crash);
    else (await this.act(world, this.pick, this.other))(world.model);
    await agree(world, acts.words[(this.pick + this.other) % acts.words.length] as string);
  }

  toString(): string {
    const crash = this.crash ? ` crash ${this.crash.after}${this.crash.isTorn ? " torn" : ""}` : "";
    return `${this.name}(${this.pick}, ${this.other}) +${this.forwardMs / 1000} s${crash}`;
  }
}

/** The process dies on the way: what it was doing is done or not done, and nothing else became another. */
async function crashed(world: World, act: acts.Act, { pick, other }: { pick: number; other: number }, crash: Crash) {
  const { home } = world;
  const folder = path.dirname(home.root);
  const copy = `${folder}-copy`;
  const before = structuredClone(world.model);
  const isCut = await copyAtCrash(folder, copy, crash, async () => {
    (await act(world, pick, other))(world.model);
  });
  await home.close();
  becomeCopy(folder, copy);
  await home.reopen();
  const { badLines, documents } = home.host.report.memories;
  expect([badLines, documents.broken]).toEqual([[], []]);
  if (!isCut) return;
  const found = Object.fromEntries((await listed(world)).map((record) => [record.id, saidIn(record)]));
  const isAs = ({ live }: World["model"]) => isEqual(found, Object.fromEntries(live));
  if (isAs(before) && !(isAs(world.model) && (await isDone(world, before)))) world.model = before;
}

/** Of what changed no words only the log says whether it was done. */
async function isDone({ home, model }: World, before: World["model"]): Promise<boolean> {
  const last = model.changes.at(-1);
  if (model.changes.length === before.changes.length || last?.kind !== "do") return true;
  const { done } = await home.own("history.list", { limit: 1000 });
  return done.some(({ id }) => id === last.cmd);
}

function isEqual(a: unknown, b: unknown): boolean {
  try {
    expect(a).toEqual(b);
    return true;
  } catch {
    return false;
  }
}

const reopen: acts.Act = async ({ home }) => {
  await home.reopen();
  return () => undefined;
};

/** An index that is made anew has the rows of the one that grew. */
const rebuild: acts.Act = async (world) => {
  const { home } = world;
  // What an opening has to say of time that passed is said before.
  await home.reopen();
  await home.close();
  const grown = indexRows(indexOf(world));
  fs.rmSync(path.dirname(indexOf(world)), { recursive: true });
  await home.reopen();
  await home.close();
  const made = indexRows(indexOf(world));
  await home.reopen();
  expect(made).toEqual(grown);
  return () => undefined;
};

const weighted: [weight: number, name: string, act: acts.Act][] = [
  [8, "capture", acts.capture],
  [3, "import", acts.importItems],
  [4, "edit", acts.edit],
  [3, "forget", acts.forget],
  [2, "relate", acts.relate],
  [2, "fact", acts.addFact],
  [2, "review", acts.reviewFact],
  [2, "note", acts.note],
  [2, "consolidate", acts.consolidate],
  [4, "undo", acts.undo],
  [2, "redo", acts.redo],
  [2, "line by hand", acts.editLineByHand],
  [1, "vouch", acts.vouch],
  [1, "note by hand", acts.editNoteByHand],
  [1, "moved by hand", acts.moveNoteByHand],
  [1, "new by hand", acts.newNoteByHand],
  [1, "deleted by hand", acts.deleteByHand],
  [2, "propose", proposals.propose],
  [2, "accept", proposals.accept],
  [1, "dismiss", proposals.dismiss],
  [1, "reopen", reopen],
  [2, "rebuild", rebuild],
];

/** What takes several commands, or compares. */
const whole = new Set(["rebuild", "deleted by hand"]);

const step = (name: string, act: acts.Act, canCrash = true): fc.Arbitrary<Command> =>
  fc
    .tuple(
      fc.nat(40),
      fc.nat(40),
      fc.constantFrom(1000, 60_000, 7 * 3_600_000),
      canCrash ? fc.option(fc.record({ after: fc.nat(14), isTorn: fc.boolean() }), { freq: 4 }) : fc.constant(null),
    )
    .map(([pick, other, forwardMs, crash]) => new Step(name, act, pick, other, forwardMs, crash ?? undefined));

/** Steps in any order; a night is long, so that there is one at most, in the last place. */
export const sequences = (stepsMax: number): fc.Arbitrary<Iterable<Command>> =>
  fc.commands(
    weighted.flatMap(([weight, name, act]) => Array.from({ length: weight }, () => step(name, act, !whole.has(name)))),
    { maxCommands: stepsMax, size: "max" },
  );

export const night = new Step("night", proposals.night, 0, 0, 1000, undefined);
export const lastly = new Step("rebuild", rebuild, 0, 0, 1000, undefined);
