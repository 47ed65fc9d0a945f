import type { Parked } from "@mh/contract/values/approval.ts";
import { isOwner, type Principal } from "@mh/contract/values/principal.ts";
import type { Entry } from "@mh/contract/values/record.ts";
import type { Command, Outcome } from "@mh/contract/wire/command.ts";
import type { Transaction } from "../journal/transaction.ts";
import { failed, interrupted } from "./broken-off.ts";
import type { Call } from "./call.ts";
import { CannotContinue, type Continued, ContinuedRuns } from "./continued-runs.ts";
import { type DelegationsPort, delegationsPort } from "./delegations-port.ts";
import { entryOf } from "./entries.ts";
import { fall } from "./fall.ts";
import { faultOf, isOfMachine } from "./fault-of.ts";
import { park } from "./park.ts";
import { parse, refuseAlone, unwritable, written } from "./parse.ts";
import { isStopped, type KernelDeps, type KernelParts } from "./parts.ts";
import { pinsOf } from "./pins.ts";
import { storeOf } from "./plan-acts.ts";
import { type PlansPort, plansPort } from "./plans-port.ts";
import { mayRun, prepare, prepareParked } from "./prepare.ts";
import { isRefused, type Preview, preview, requestBefore } from "./preview.ts";
import { type ActiveRun, type Begun, Cancelled, type Run, throwIfCancelled } from "./run.ts";
import { runOutside } from "./run-outside.ts";
import { applyOwn } from "./run-own.ts";
import { readApproved, readForOwner, readInTransaction } from "./run-query.ts";
import { RunTable } from "./run-table.ts";
import { commandRow, meta } from "./state.ts";
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
  readonly plans: PlansPort;
  readonly delegations: DelegationsPort;
  /** The verdict on a change of the owner's data: its failure says it, too, for it takes that with it. */
  readonly #allowed = new WeakMap<Call, Partial<Entry>>();
  /** Why nothing begins outside any more. */
  #closing: string | undefined;

  constructor(deps: KernelDeps) {
    this.#parts = { ...deps, traces: new TaskTraces(deps.ownAddresses), planDigest: planDigest(deps) };
    this.#runs = new RunTable(this.#parts);
    this.plans = plansPort(this.#parts);
    this.delegations = delegationsPort(this.#parts);
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
  check(command: Command): Preview {
    return preview(this.#parts, command);
  }

  /** Whether somebody would be refused a skill now, whatever its arguments were. */
  isRefused(principal: Principal, skill: string): boolean {
    return isRefused(this.#parts, principal, skill);
  }

  /**
   * The id under which the same principal asked for the same thing, where that needed an approval whose request has not
   * expired: for a caller that repeats a call and cannot name it. Undefined where it is a new command.
   */
  askedBefore(command: Command): string | undefined {
    return requestBefore(this.#parts, command);
  }

  get isStopped(): boolean {
    return isStopped(this.#parts);
  }

  readonly approvals: ApprovalsPort = {
    prepare: (parked) => prepareParked(this.#parts, parked),
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
    const noted = this.#parts.noteClock();
    if (noted) await noted;
    // Whatever many commands of others ask for at once, the owner's are not kept waiting for more than one of them.
    if (!isOwner(command.principal)) await this.#parts.turn();
    try {
      const denied = await this.#denyStanding(command);
      if (denied) return denied;
      await this.#parts.secretsLoaded();
      call = parse(this.#parts, command);
      refuseAlone(this.#parts.reader, call);
    } catch (error) {
      return this.#fail(command, error);
    }
    try {
      if (call.skill.kind === "query" && isOwner(call.principal)) return await this.#ownersQuery(call, run);
      if ("prepare" in call.skill && mayRun(this.#parts, call)) call = await prepare(this.#parts, call, run.signal);
      throwIfCancelled(run);
      return await this.#commit(call, run);
    } catch (error) {
      return error instanceof Cancelled ? interrupted(this.#parts, call, error.message) : this.#fail(call, error);
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
      if (!commandRow(tx.db, id)) {
        fall(tx, command, judged);
        tx.append(entry);
      }
      return { status: "denied", id, ...refusal(judged) };
    });
  }

  /** The first transaction of a command, and what follows from it: its own run, and those of what it approved. */
  async #commit(call: Call, run: ActiveRun): Promise<Outcome> {
    const { ledger } = this.#parts;
    let continued: readonly Continued[] = [];
    try {
      const begun = await ledger.transact((tx) => {
        try {
          return this.#begin(tx, call, run);
        } finally {
          continued = this.#continued.of(tx);
        }
      });
      for (const each of continued) this.#launch(each);
      return await finish(begun, run);
    } catch (error) {
      for (const each of continued) this.#continued.over(each.call);
      if (!(error instanceof CannotContinue)) throw error;
      // It says nothing of what was approved: that waits on, and can be approved again.
      if (isOfMachine(error.cause)) throw error.cause;
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
      error instanceof Cancelled ? interrupted(this.#parts, call, error.message) : this.#fail(call, error, true),
    );
    // What somebody approved is theirs: it does not end with the run that asked for it.
    this.#runs.track(run, { principal }, ending);
    this.#continued.over(call);
    // Nobody may wait for it; where it cannot be journaled, its caller is told, and the next opening mends it.
    run.outcome.catch(() => undefined);
  }

  /** Looks up what the owner is going to be asked about, and asks. */
  async #pinned(call: Call, run: ActiveRun): Promise<Outcome> {
    return this.#commit({ ...call, pinnedTo: await pinsOf(this.#parts, call, run.signal) }, run);
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
      fall(tx, call, judged);
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
    return this.#commit(await prepare(this.#parts, call, run.signal), run);
  }

  async #outside(call: Call, run: ActiveRun): Promise<Outcome> {
    const { skill } = call;
    if (skill.kind !== "outside") throw new Error(`${call.pinned} does not act outside.`);
    if (this.#closing !== undefined) return interrupted(this.#parts, call, `${this.#closing} before it began.`);
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

  /** STOP is made without the lock, by any program that can write the file; the holder journals it when it first sees it. */
  #noteStop(tx: Transaction, skill: string): void {
    if (!this.isStopped || meta(tx.db, "stop") === "standing" || skill === "kernel.stop") return;
    tx.append({ phase: "stop", id: this.#parts.crypto.id(), principal: "file" });
  }

  #fail(command: (Command & { id: string }) | Call, error: unknown, isBegun = false): Promise<Outcome> {
    const judged = "argsHash" in command ? this.#allowed.get(command) : undefined;
    return failed(this.#parts, command, error, { isBegun, judged });
  }
}

const finish = async (begun: Begun, run: ActiveRun): Promise<Outcome> =>
  "run" in begun ? begun.run(run) : begun.outcome;

/** The compiler asks here for the runner of a kind that was added. */
function unknownKind(skill: never): never {
  throw new Error(`There is no runner for ${JSON.stringify(skill)}.`);
}
