import type { Parked } from "@mh/contract/values/approval.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { isOwner, kindOf, owner, type Principal } from "@mh/contract/values/principal.ts";
import type { Entry, PolicyRequest } from "@mh/contract/values/record.ts";
import type { Command, Outcome } from "@mh/contract/wire/command.ts";
import type { Transaction } from "../journal/transaction.ts";
import type { Verdict } from "../policy/judge.ts";
import type { Call } from "./call.ts";
import { CannotContinue, type Continued, ContinuedRuns } from "./continued-runs.ts";
import type { DelegationsPort } from "./delegations-port.ts";
import { entryOf, outcomeEntry, unwrittenEnd, unwrittenFailure } from "./entries.ts";
import { faultOf } from "./fault-of.ts";
import { park } from "./park.ts";
import { parse, unwritable, written } from "./parse.ts";
import { isStopped, type KernelDeps, type KernelParts } from "./parts.ts";
import { comparePins, pinsOf } from "./pins.ts";
import { actsSoFar, storeOf } from "./plan-acts.ts";
import type { PlansPort } from "./plans-port.ts";
import { skillName } from "./registry.ts";
import { type ActiveRun, type Begun, Cancelled, type Run, throwIfCancelled } from "./run.ts";
import { runOutside } from "./run-outside.ts";
import { applyOwn } from "./run-own.ts";
import { readApproved, readForOwner, readInTransaction } from "./run-query.ts";
import { RunTable } from "./run-table.ts";
import { mayUse } from "./situation.ts";
import { askedBefore, commandRow, hasAsked, meta } from "./state.ts";
import { pastOutcome, refuseReused, reused, storedOutcome } from "./stored-outcome.ts";
import { TaskTraces } from "./task-traces.ts";
import { judgeCall, judgement, judgeStanding, planDigest, refusal } from "./verdict.ts";

export type { KernelDeps } from "./parts.ts";

/** What approvals, and nobody else, may ask of the kernel. */
export interface ApprovalsPort {
  /** Reads a parked command back, and does its slow work. Throws where its skill changed since it was asked about. */
  prepare(parked: Parked): Promise<Call>;
  /** Begins a parked command in the transaction that approves it; it goes on as a run of its own once that is committed. */
  resume(tx: Transaction, call: Call): void;
}

/**
 * The one gate. Everything anyone does is a command, and takes one way:
 * rights, parse, classify, judge, provenance, journal the intent, run, journal the outcome, publish.
 */
export class Kernel {
  readonly #parts: KernelParts;
  readonly #runs: RunTable;
  readonly #continued = new ContinuedRuns();
  /** The verdict on a change of the owner's data: its failure says it, too, for it takes that with it. */
  readonly #allowed = new WeakMap<Call, Partial<Entry>>();
  /** Why nothing begins outside any more. */
  #closing: string | undefined;

  constructor(deps: KernelDeps) {
    this.#parts = { ...deps, traces: new TaskTraces(deps.ownAddresses), planDigest: planDigest(deps) };
    this.#runs = new RunTable(this.#parts);
  }

  /** Never throws for what a caller can do wrong: every end is an outcome, and every outcome is in the journal. */
  act(command: Command): Promise<Outcome> {
    return this.begin(command).outcome;
  }

  /** The same, as a run that can be watched and cancelled. A command that is under way already is joined. */
  begin(command: Command): Run {
    const id = command.id ?? this.#parts.crypto.id();
    const what = written([command.principal, command.skill, command.args]);
    const known = this.#runs.get(id);
    if (known && (known.what === what || this.#isSame(known, { ...command, id }))) return known.handle(false);
    const run = this.#runs.make(id, what, command);
    if (what === undefined) run.outcome = this.#fail({ ...command, id }, unwritable());
    else if (known) run.outcome = Promise.resolve(this.#taken({ ...command, id }));
    else this.#runs.track(run, command, this.#perform({ ...command, id }, run));
    return run.handle(true);
  }

  /** A command that is under way; undefined for any other. */
  running(id: string): Run | undefined {
    return this.#runs.get(id)?.handle(false);
  }

  /** What is under way, in the order it began. */
  runs(): Run[] {
    return this.#runs.handles();
  }

  /** How a command ends or ended, as `asker` may be told it; undefined where there was none of that id. */
  wait(id: string, asker: Principal): Promise<Outcome | undefined> {
    return this.#runs.wait(id, asker);
  }

  /** What the judge would say, with nothing run and nothing recorded. */
  check(command: Command): { verdict: Verdict; requests: [PolicyRequest, ...PolicyRequest[]] } {
    const { reader, clock, crypto } = this.#parts;
    const denied = judgeStanding(this.#parts, reader, command, clock.now());
    if (denied) return denied;
    const call = parse(this.#parts, { ...command, id: command.id ?? crypto.id() });
    const { verdict, requests } = judgeCall(this.#parts, reader, call, clock.now(), false);
    return { verdict, requests };
  }

  /** Whether somebody would be refused a skill now, whatever its arguments were. */
  isRefused(principal: Principal, skill: string): boolean {
    const { reader, clock } = this.#parts;
    return judgeStanding(this.#parts, reader, { principal, skill, args: {} }, clock.now()) !== undefined;
  }

  /**
   * The id under which the same principal asked for the same thing, where that needed an approval whose request has not
   * expired: for a caller that repeats a call and cannot name it. Undefined where it is a new command.
   */
  askedBefore(command: Command): string | undefined {
    const { reader, clock, crypto } = this.#parts;
    const { principal } = command;
    const now = clock.now();
    // What would be refused anyway, and what nobody asked about, is not parsed a second time.
    if (!hasAsked(reader, { principal, skill: command.skill }, now)) return undefined;
    try {
      const { pinned, argsHash } = parse(this.#parts, { ...command, id: crypto.id() });
      return askedBefore(reader, { principal, skill: pinned, argsHash }, now);
    } catch (error) {
      // What is wrong with it is said when it is begun.
      if (error instanceof Fault) return undefined;
      throw error;
    }
  }

  get isStopped(): boolean {
    return isStopped(this.#parts);
  }

  readonly plans: PlansPort = {
    soFar: (task) => this.#parts.traces.soFar(task),
    digest: (text) => this.#parts.planDigest(text),
    mayUse: (principal, skill, task) => {
      const { reader: db, clock, declared } = this.#parts;
      return mayUse({ db, now: clock.now(), declared, principal, skill, task });
    },
    declares: (principal) =>
      kindOf(principal) !== "client" && this.#parts.declared(principal, this.#parts.reader) !== undefined,
  };

  readonly delegations: DelegationsPort = {
    soFar: (task) => this.#parts.traces.soFar(task),
    give: (task, { skill: name, id }, value) => {
      const { registry, traces, reader } = this.#parts;
      const skill = registry.get(name);
      const step = { id, skill, pinned: registry.pinned(skill), args: {}, effect: "read", task } as const;
      traces.add(step, value, actsSoFar(reader));
    },
  };

  readonly approvals: ApprovalsPort = {
    prepare: async (parked) => {
      const call = parse(this.#parts, { ...parked, skill: skillName(parked.skill) });
      const shown = {
        ...(parked.steered && { shown: parked.steered }),
        ...(parked.change && { changes: parked.change.plan }),
      };
      if (call.pinned === parked.skill)
        return this.#prepareContinued({ ...(await this.#unchanged(call, parked)), ...shown });
      const change = `${parked.skill} is now ${call.pinned}`;
      throw new Fault("approval.changed", `The skill changed since the request: ${change}. Deny it and ask again.`);
    },
    resume: (tx, call) => this.#continued.begin(tx, call, () => this.#begin(tx, call, "approved")),
  };

  /** Ends what runs, because the home is being closed, and lets nothing begin. Each is journaled as interrupted. */
  async endOutside(why: string): Promise<void> {
    this.#closing = why;
    await this.#runs.endAll(why);
  }

  /**
   * What is said under the id of another command that runs: a principal that may not do this is told no more than under a
   * free one.
   */
  #taken(command: Command & { id: string }): Outcome {
    const { reader, clock } = this.#parts;
    const { id } = command;
    const denied = judgeStanding(this.#parts, reader, command, clock.now());
    if (denied) return { status: "denied", id, ...refusal(denied) };
    return { status: "failed", id, fault: faultOf(reused(id)) };
  }

  /** Whether a command is the one that runs, though it was written otherwise: a continued one runs with its defaults filled in. */
  #isSame({ argsHash, facts }: ActiveRun, command: Command & { id: string }): boolean {
    if (argsHash === undefined || facts.principal !== command.principal) return false;
    try {
      return parse(this.#parts, command).argsHash === argsHash;
    } catch {
      // Whatever is wrong with it, it is not what runs.
      return false;
    }
  }

  async #perform(command: Command & { id: string }, run: ActiveRun): Promise<Outcome> {
    let call: Call;
    // Whatever many commands of others ask for at once, the owner's are not kept waiting for more than one of them.
    if (!isOwner(command.principal)) await this.#parts.turn();
    try {
      const denied = await this.#denyStanding(command);
      if (denied) return denied;
      await this.#parts.secretsLoaded();
      call = parse(this.#parts, command);
    } catch (error) {
      return this.#fail(command, error);
    }
    try {
      if (call.skill.kind === "query" && isOwner(call.principal)) return await this.#ownersQuery(call, run);
      if ("prepare" in call.skill && this.#mayRun(call)) call = await this.#prepare(call, run.signal);
      throwIfCancelled(run);
      return await this.#commit(call, run);
    } catch (error) {
      return error instanceof Cancelled ? this.#interrupt(call, error.message) : this.#fail(call, error);
    }
  }

  /**
   * Denies a principal that would be denied whatever it asked for, before anything of that is looked at. What it did ask
   * before answers as it did; under somebody else's id nothing is written.
   */
  async #denyStanding(command: Command & { id: string }): Promise<Outcome | undefined> {
    const parts = this.#parts;
    const { registry, reader, clock, ledger } = parts;
    const { id, principal, task, cause, onBehalfOf } = command;
    if (commandRow(reader, id)?.principal === principal) return undefined;
    if (!judgeStanding(parts, reader, command, clock.now())) return undefined;
    return ledger.transact((tx) => {
      const judged = judgeStanding(parts, tx.db, command, tx.now);
      if (!judged) return undefined;
      this.#noteStop(tx, command.skill);
      const known = registry.find(command.skill);
      const entry: Entry = {
        ...{ phase: "deny", id, principal, skill: known ? registry.pinned(known) : command.skill },
        ...(onBehalfOf && { onBehalfOf }),
        ...(task && { task: task.id }),
        ...(cause && { cause }),
        ...judgement(parts, judged),
      };
      if (!commandRow(tx.db, id)) tx.append(entry);
      return { status: "denied", id, ...refusal(judged) };
    });
  }

  /** The first transaction of a command, and what follows from it: its own run, and those of what it approved. */
  async #commit(call: Call, run: ActiveRun): Promise<Outcome> {
    const { ledger } = this.#parts;
    let continued: readonly Continued[] = [];
    try {
      const begun = await ledger.transact((tx) => {
        const begun = this.#begin(tx, call, run);
        continued = this.#continued.of(tx);
        return begun;
      });
      for (const each of continued) this.#launch(each);
      return await finish(begun, run);
    } catch (error) {
      for (const each of continued) this.#continued.over(each.call);
      if (!(error instanceof CannotContinue)) throw error;
      return await this.#continued.again(error, () => this.#commit(call, run));
    }
  }

  #launch({ call, begun }: Continued): void {
    const { principal, args } = call;
    const skill = call.skill.contract.name;
    const run = this.#runs.make(call.id, written([principal, skill, args]), { principal, skill });
    run.isDetached = true;
    run.argsHash = call.argsHash;
    const ending = finish(begun, run).catch((error: unknown) =>
      error instanceof Cancelled ? this.#interrupt(call, error.message) : this.#fail(call, error, true),
    );
    // What somebody approved is theirs: it does not end with the run that asked for it.
    this.#runs.track(run, { principal }, ending);
    this.#continued.over(call);
    // Nobody may wait for it; where it cannot be journaled, its caller is told, and the next opening mends it.
    run.outcome.catch(() => undefined);
  }

  /**
   * Whether slow work is worth doing: for a principal that would be refused or has to wait, nothing is prepared, nor for a repeat,
   * which has its answer already. The owner at this machine is asked to confirm, and no more.
   */
  #mayRun(call: Call): boolean {
    const { reader, clock } = this.#parts;
    if (commandRow(reader, call.id)) return false;
    if (call.principal === owner) return true;
    return judgeCall(this.#parts, reader, call, clock.now(), false).verdict.verdict === "allow";
  }

  async #prepare(call: Call, signal: AbortSignal): Promise<Call> {
    const { skill } = call;
    if (skill.kind === "query" || skill.kind === "outside" || !skill.prepare) return call;
    const { reader, config, turn } = this.#parts;
    const prepared = await skill.prepare(call.args, {
      principal: call.principal,
      config: config(),
      db: reader,
      signal,
      turn,
    });
    return { ...call, prepared, isPrepared: true };
  }

  /** Looks up what the owner is going to be asked about, and asks. */
  async #pinned(call: Call, run: ActiveRun): Promise<Outcome> {
    return this.#commit({ ...call, pinnedTo: await pinsOf(this.#parts, call, run.signal) }, run);
  }

  /** Throws `approval.changed` where the arguments point to something else by now. */
  async #unchanged(call: Call, parked: Parked): Promise<Call> {
    if (!call.skill.pin) return call;
    const { pins } = await pinsOf(this.#parts, call, new AbortController().signal);
    comparePins(parked.pins ?? [], pins, parked.id);
    return { ...call, pinnedTo: { pins: parked.pins ?? [], ...(parked.answers && { answers: parked.answers }) } };
  }

  /** What its slow work throws is its own failure, and not that of the approval. */
  async #prepareContinued(call: Call): Promise<Call> {
    try {
      return await this.#prepare(call, new AbortController().signal);
    } catch (error) {
      return { ...call, cannot: { error } };
    }
  }

  /** Inside the writer: judge, and do or park or refuse. `how`: the run that asks, or that somebody approved it. */
  #begin(tx: Transaction, call: Call, how: ActiveRun | "approved"): Begun {
    const parts = this.#parts;
    const approved = how === "approved";
    // Approved a moment ago, by the same group of commits perhaps: it is this command, and it runs.
    if (!approved && this.#isContinued(tx, call)) return { run: (run) => this.#join(call, run) };
    const earlier = approved ? undefined : storedOutcome(parts, tx.db, call);
    if (earlier) return { outcome: earlier };
    this.#noteStop(tx, call.skill.contract.name);
    const judged = judgeCall(parts, tx.db, call, tx.now, approved);
    const { verdict } = judged;
    const { skill } = call;
    const told = skill.kind === "outside" ? skill.journalled?.(call.args) : undefined;
    const entry = { ...entryOf(call), ...judgement(parts, judged), ...(told && { body: told }) };
    if (verdict.verdict === "deny") {
      tx.append({ ...entry, phase: "deny" });
      return { outcome: { status: "denied", id: call.id, ...refusal(judged) } };
    }
    // A plan holds what its commands point to, as an approval does.
    const isUnderPlan = !approved && judged.requests.some(({ plan }) => plan !== undefined);
    if (skill.pin && !call.pinnedTo && (verdict.verdict === "ask" || isUnderPlan))
      return { run: (run) => this.#pinned(call, run) };
    if (verdict.verdict === "ask") {
      return { outcome: park(parts, tx, call, entry, judged) };
    }
    // Not before the yes is on disk.
    if (approved) tx.afterCommit(() => parts.traces.endorse(call, call.shown ?? []));
    const isFree = storeOf({ skill: call.pinned, request: judged.requests }) !== undefined;
    const planned: Call = isFree ? call : { ...call, isPlanned: true };
    // What goes on with an answer was let run before; a denial of what it asked is no approval.
    const isApproved = approved && (call.answered?.isAccepted ?? true);
    const answered = { ...told, approved: isApproved, ...(call.changes !== undefined && { change: call.changes }) };
    const intent: Entry = { ...entry, phase: "intent", ...(approved && { body: answered }) };
    switch (skill.kind) {
      case "query":
        if (!approved && !isOwner(call.principal)) return readInTransaction(parts, tx, planned, skill, how, intent);
        tx.append(intent);
        return { run: (run) => readApproved(parts, planned, skill, run) };
      case "own":
      case "admin":
        if (skill.prepare && !call.isPrepared) return { run: (run) => this.#again(call, run) };
        this.#allowed.set(call, judgement(parts, judged));
        return { outcome: applyOwn(parts, tx, planned, skill, intent) };
      case "outside":
        tx.append(intent);
        return { run: (run) => this.#outside(planned, run) };
      default:
        return unknownKind(skill);
    }
  }

  /** Whether what was parked under a command's id is about to run, or runs. */
  #isContinued({ db }: Transaction, call: Call): boolean {
    const other = this.#runs.get(call.id);
    if (!this.#continued.isBeginning(call.id) && other?.argsHash === undefined) return false;
    const row = commandRow(db, call.id);
    refuseReused(row, call);
    return row?.status === "begun";
  }

  /** A repeat gets the end of the run that goes on under its id. */
  async #join({ id }: Call, run: ActiveRun): Promise<Outcome> {
    const other = this.#runs.get(id);
    const outcome = other && other !== run ? await other.outcome : pastOutcome(this.#parts, id);
    return outcome ?? { status: "interrupted", id, message: `The end of ${id} is not known: mh why ${id}.` };
  }

  /** What was refused a moment ago may run now: its slow work is done after all. */
  async #again(call: Call, run: ActiveRun): Promise<Outcome> {
    return this.#commit(await this.#prepare(call, run.signal), run);
  }

  async #outside(call: Call, run: ActiveRun): Promise<Outcome> {
    const { skill } = call;
    if (skill.kind !== "outside") throw new Error(`${call.pinned} does not act outside.`);
    if (this.#closing !== undefined) return this.#interrupt(call, `${this.#closing} before it began.`);
    return runOutside(this.#parts, call, skill, run);
  }

  async #ownersQuery(call: Call, run: ActiveRun): Promise<Outcome> {
    const { reader, clock } = this.#parts;
    const { skill } = call;
    const known = commandRow(reader, call.id);
    refuseReused(known, call);
    const judged = judgeCall(this.#parts, reader, call, clock.now(), false);
    const isKept = known?.status === "done" && known.value !== null;
    if (judged.verdict.verdict !== "allow" || isKept) return this.#commit(call, run);
    if (skill.kind !== "query") throw new Error(`${call.pinned} is not a query.`);
    return readForOwner(this.#parts, call, skill, run, judgement(this.#parts, judged));
  }

  async #interrupt(call: Call, message: string): Promise<Outcome> {
    const outcome: Outcome = { status: "interrupted", id: call.id, message };
    return this.#parts.ledger
      .transact((tx) => tx.append(outcomeEntry(call, outcome)))
      .then(
        () => outcome,
        (error: unknown) => unwrittenEnd(outcome, error),
      );
  }

  /** STOP is made without the lock, by any program that can write the file; the holder journals it when it first sees it. */
  #noteStop(tx: Transaction, skill: string): void {
    if (!this.isStopped || meta(tx.db, "stop") === "standing" || skill === "kernel.stop") return;
    tx.append({ phase: "stop", id: this.#parts.crypto.id(), principal: "file" });
  }

  /** A fault before or inside the transaction left nothing behind; the journal says that it was tried. */
  async #fail(command: (Command & { id: string }) | Call, error: unknown, isBegun = false): Promise<Outcome> {
    const { registry, reader, ledger } = this.#parts;
    const { id, principal, skill } = command;
    const outcome: Outcome = { status: "failed", id, fault: faultOf(error) };
    const { code } = outcome.fault;
    // The index cannot be asked, and what the log says of this is read when it is made anew.
    if (code === "index.damaged") return outcome;
    const isNew = isBegun || (code !== "command.id-reused" && commandRow(reader, id) === undefined);
    if (!isNew || code.startsWith("disk.")) return outcome;
    const entry: Entry = {
      ...{ phase: "outcome", id, principal },
      skill: typeof skill === "string" ? skill : registry.pinned(skill),
      ...("argsHash" in command && { argsHash: command.argsHash, ...this.#allowed.get(command) }),
      outcome: { status: "failed", fault: { code, message: "" } },
    };
    return ledger
      .transact((tx) => tx.append(entry))
      .then(
        () => outcome,
        (error: unknown) => (isBegun ? unwrittenEnd(outcome, error) : unwrittenFailure(outcome, error)),
      );
  }
}

const finish = async (begun: Begun, run: ActiveRun): Promise<Outcome> =>
  "run" in begun ? begun.run(run) : begun.outcome;

/** The compiler asks here for the runner of a kind that was added. */
function unknownKind(skill: never): never {
  throw new Error(`There is no runner for ${JSON.stringify(skill)}.`);
}
