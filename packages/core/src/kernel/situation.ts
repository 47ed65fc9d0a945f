import type { Effect, Scope } from "@mh/contract/values/effect.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { GrantRow } from "@mh/contract/values/grant.ts";
import { isOwner, kindOf, owner, type Principal } from "@mh/contract/values/principal.ts";
import type { PolicyRequest } from "@mh/contract/values/record.ts";
import type { DeviceRole } from "@mh/contract/values/role.ts";
import type { Task } from "@mh/contract/wire/command.ts";
import type { Config } from "../model/config.ts";
import { covers } from "../model/scope.ts";
import { localOf, weekdayOf } from "../model/wall-clock.ts";
import type { Database } from "../ports/database.ts";
import { type CircumstancesInput, circumstances, timeOfDay } from "./circumstances.ts";
import { coveringIn, type Planned } from "./plans.ts";
import { rateLeft } from "./rates.ts";
import { commandRow, liveGrants, trustOf } from "./state.ts";

const chainLengthMax = 8;

/** What a principal declared it may use, by its manifest; undefined where it declared nothing. */
export type Declarations = (principal: Principal, db: Database) => readonly string[] | undefined;

/** What a device of the owner's may do; undefined for a principal that is none. */
export type Roles = (principal: Principal, db: Database) => DeviceRole | undefined;

/** What is known of a command before anything of its arguments is looked at. */
export interface StandingInput {
  db: Database;
  config: Config;
  now: number;
  declared: Declarations;
  roleOf: Roles;
  stopped: boolean;
  principal: Principal;
  cause: string | undefined;
  task: Task | undefined;
  /** The skill's name. */
  skill: string;
}

export interface SituationInput extends StandingInput, CircumstancesInput, Omit<Planned, "task"> {
  /** Says whether a path belongs to code, journal, policy or settings of this home. */
  isProtected: (path: string) => boolean;
  /** Paths of control arguments that are tainted. */
  unvouched: readonly string[];
  /** It came over HTTP by a token. */
  isByToken: boolean;
  /** The skill is on the owner's way out of rules that forbid too much. */
  isRecoverySkill: boolean;
}

/** The judge's whole input: one request for each principal along the cause chain, the caller's first. */
export function situation(input: SituationInput): [PolicyRequest, ...PolicyRequest[]] {
  const [caller, ...causes] = principalsAlong(input);
  // At this machine: no device, no token over HTTP, and nothing that somebody lesser caused.
  const isAtMachine = caller === owner && causes.length === 0 && !input.isByToken;
  const isRecovery = isAtMachine && input.isRecoverySkill;
  return [
    { ...requestOf(input, caller), ...(isRecovery && { recovery: true }) },
    ...causes.map((principal) => requestOf(input, principal)),
  ];
}

/**
 * The same before the arguments are looked at: all that they could say is as favourable as it can be. `effects` is what the
 * skill may do; a principal that may not use it at all is not told what that is.
 */
export function standings(input: StandingInput, effects: readonly Effect[]): [PolicyRequest, ...PolicyRequest[]][] {
  const [caller, ...causes] = principalsAlong(input);
  const [first, ...rest] = [standingOf(input, caller), ...causes.map((principal) => standingOf(input, principal))];
  const possible = first.may ? effects : ([effects.every((effect) => effect === "admin") ? "admin" : "read"] as const);
  return possible.map((effect) => {
    const favourable = { effect, risk: "low", scope: {}, inScope: true, protectedArea: false, unvouched: [] } as const;
    const of = (standing: Standing): PolicyRequest => ({ ...standing, ...favourable, scope: {}, unvouched: [] });
    return [of(first), ...rest.map(of)];
  });
}

/** The caller and everyone whose command led here, each once. */
function principalsAlong({ db, principal, cause }: StandingInput): [Principal, ...Principal[]] {
  const chain: [Principal, ...Principal[]] = [principal];
  let next = cause;
  for (let depth = 0; next !== undefined; depth += 1) {
    if (depth >= chainLengthMax) {
      throw new Fault(
        "cause.too-deep",
        `Commands caused each other ${chainLengthMax} times over; the chain stops here.`,
      );
    }
    const row = commandRow(db, next);
    if (!row) throw new Fault("command.not-found", `The causing command ${next} is not in the log.`);
    if (!chain.includes(row.principal)) chain.push(row.principal);
    next = row.cause ?? undefined;
  }
  return chain;
}

function requestOf(input: SituationInput, principal: Principal): PolicyRequest {
  const { db, now, skill, task, classification, isProtected } = input;
  const { effect, risk, scope } = classification;
  const step = isOwner(principal) ? undefined : coveringIn(db, principal, input);
  const unvouched = isOwner(principal) ? [] : [...input.unvouched];
  return {
    ...standingOf(input, principal),
    ...{ effect, risk, scope },
    inScope: isCovered(scope, liveGrants(db, principal, skill, task?.id, now)),
    protectedArea: (scope.paths ?? []).some(isProtected),
    unvouched: step ? unvouched.filter((path) => !step.speaksFor(path)) : unvouched,
    ...circumstances(input, principal),
    ...(step && { plan: step.id, ...(Object.keys(step.use).length > 0 && { planUse: step.use }) }),
  };
}

type Standing = Pick<
  PolicyRequest,
  | "principal"
  | "trust"
  | "skill"
  | "may"
  | "granted"
  | "stopped"
  | "rateLeft"
  | "hour"
  | "weekday"
  | "minuteOfDay"
  | "quietHours"
  | "role"
>;

function standingOf(input: StandingInput, principal: Principal): Standing {
  const { db, config, now, skill, task, declared, stopped } = input;
  const isGranted = liveGrants(db, principal, skill, task?.id, now).length > 0;
  const role = input.roleOf(principal, db);
  return {
    principal,
    trust: trustOf(db, principal),
    skill,
    may: mayUse({ db, now, declared, principal, skill, task: task?.id }, () => isGranted),
    granted: isOwner(principal) || isGranted,
    stopped,
    rateLeft: rateLeft(db, config, principal, now),
    ...hourAndWeekday(now, config.timeZone),
    ...timeOfDay(config, now),
    ...(role && { role }),
  };
}

/**
 * Whether somebody may use a skill at all: it stands in what they declared or, where that is nothing, it is granted. What a
 * program was added to ask for is no bound of what it can be granted.
 */
export function mayUse(
  input: Pick<StandingInput, "db" | "now" | "declared" | "principal" | "skill"> & { task?: string | undefined },
  isGranted = () => liveGrants(input.db, input.principal, input.skill, input.task, input.now).length > 0,
): boolean {
  const { db, declared, principal, skill } = input;
  const declares = isOwner(principal) ? [skill] : declared(principal, db);
  if (declares === undefined || kindOf(principal) === "client") return declares?.includes(skill) || isGranted();
  return declares.includes(skill);
}

/** Everything the command touches is covered by one grant; touching nothing is in no scope. */
function isCovered(scope: Scope, grants: readonly GrantRow[]): boolean {
  const touched = [...(scope.paths ?? []), ...(scope.hosts ?? []), ...(scope.recipients ?? [])];
  return touched.length > 0 && grants.some((grant) => covers(JSON.parse(grant.scope) as Scope, scope));
}

function hourAndWeekday(now: number, timeZone: string | undefined): { hour: number; weekday: number } {
  const local = localOf(now, timeZone);
  return { hour: local.hour, weekday: weekdayOf(local) };
}
