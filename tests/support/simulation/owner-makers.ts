import type { Model } from "./model.ts";
import { idOf, type Make, type Weighted } from "./planned.ts";

const nothing = (): undefined => undefined;

const configure: Make = (_dice, n) => ({
  skill: "config.set",
  args: { name: "owner", value: `Ada ${n}` },
  does: (model, cmd) => model.write(new Map([["config owner", `Ada ${n}`]]), cmd),
});

const grant: Make = (_dice, n) => {
  const key = `grant agent:a${n}`;
  return {
    skill: "grant.give",
    args: { principal: `agent:a${n}`, skill: "memory.list" },
    does: (model) => model.write(new Map([[key, "given"]])),
    tells: (known, value) => known.grants.push({ id: idOf(value), key }),
  };
};

const revoke: Make = (dice, _n, { grants }) => {
  if (grants.length === 0) return undefined;
  const { id, key } = dice.pick(grants);
  return { skill: "grant.revoke", args: { id }, does: (model) => model.write(new Map([[key, undefined]])) };
};

const commandsIn = (value: unknown): string[] => (value as { commands: string[] }).commands;

const undo: Make = () => ({
  skill: "history.undo",
  args: {},
  does: (model, cmd, value) => model.undo(commandsIn(value), cmd),
});

/** It takes the undo back, as if that were any command. */
const redo: Make = () => ({
  skill: "history.redo",
  args: {},
  does: (model, cmd, value) => model.undo(commandsIn(value), cmd),
});

const snapshot: Make = (_dice, n) => ({
  skill: "snapshot.create",
  args: { name: `s-${n}` },
  does: (model) => model.snapshot(`s-${n}`),
  tells: ({ snapshots }) => snapshots.push(`s-${n}`),
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
  line: `line ${n}`,
  does: nothing,
});

const approve: Make = (dice, _n, { parked }) => {
  if (parked.length === 0) return undefined;
  const { id, hash, asks } = dice.pick(parked);
  const does = (model: Model) => asks && model.write(new Map([[`grant ${asks}`, "given"]]));
  return { skill: "approval.approve", args: { id, hash }, approves: id, does };
};

const deny: Make = (dice, _n, { parked }) => {
  if (parked.length === 0) return undefined;
  const { id } = dice.pick(parked);
  return { skill: "approval.deny", args: { id }, denies: id, does: nothing };
};

/** So often a plan lets its step run. */
export const timesOfPlan = 2;

const plan: Make = (_dice, n) => {
  const task = { id: `01b00000-0000-7000-8000-0000000000${n.padStart(2, "0")}`, words: `Write ${n}` };
  const title = `Plan ${n}`;
  const steps = [{ skill: "outbox.append", times: timesOfPlan }];
  return {
    skill: "grant.plan",
    args: { principal: "agent:mail", task: task.id, title, steps },
    does: (model) => model.write(new Map([[`plan ${title}`, "given"]])),
    tells: (known, value) => {
      known.plans.push({ task, title });
      known.grants.push({ id: idOf(value), key: `plan ${title}` });
    },
  };
};

/** Under a plan it is done; once that is used up or revoked it waits for the owner. */
const step: Make = (dice, n, { plans }) => {
  if (plans.length === 0) return undefined;
  const { task, title } = dice.pick(plans);
  const line = `${title} step ${n}`;
  return { skill: "outbox.append", principal: "agent:mail", task, args: { text: line }, line, does: nothing };
};

/** Taken back it binds as before: only adopting that sets it aside. */
const rule: Make = (_dice, n) => {
  const text = `@id("quiet-${n}")\n@title("Nothing for c${n}")\nforbid (principal == mh::Principal::"agent:c${n}", action, resource);\n`;
  return {
    skill: "policy.write",
    args: { name: `quiet-${n}.cedar`, text },
    rule: `quiet-${n}.cedar#quiet-${n}`,
    does: nothing,
  };
};

/** What the daemon does by itself. */
const maintain: Make = (dice) => {
  const [skill, args] = dice.pick([
    ["object.discard", {}],
    ["journal.checkpoint", {}],
    ["journal.archive", { before: "2026-03-01" }],
  ] as const);
  return { skill, args, does: nothing };
};

/** What is the owner's to let: settings, rights, what was done and what is kept. */
export const ownerMakers: readonly Weighted[] = [
  [2, configure],
  [2, grant],
  [2, revoke],
  [4, undo],
  [2, redo],
  [1, snapshot],
  [2, restore],
  [2, ask],
  [3, approve],
  [1, deny],
  [1, plan],
  [2, step],
  [1, rule],
  [1, maintain],
];
