import { planPropose } from "@mh/contract/grants.ts";
import { isReading } from "@mh/contract/values/effect.ts";
import { isOwner } from "@mh/contract/values/principal.ts";
import type { Entry } from "@mh/contract/values/record.ts";
import type { Database } from "../ports/database.ts";
import { skillName } from "./registry.ts";

/**
 * What a plan's principal, or others in its task, began since that no plan wholly names: it may stand in whatever they read
 * afterwards. By number, so that it holds over a restart.
 */
export const planActsSchema = `
CREATE TABLE act_count (one INTEGER PRIMARY KEY CHECK (one = 1), n INTEGER NOT NULL);
CREATE TABLE plan_acts (
  plan TEXT NOT NULL, store TEXT NOT NULL, first INTEGER NOT NULL, PRIMARY KEY (plan, store)
) WITHOUT ROWID;
`;

/** Where an act may have left something: anywhere, or only where skills of its own noun read. */
const anywhere = "*";

/** Takes in a command that is begun. */
export function foldPlanAct(db: Database, entry: Entry): void {
  const store = storeOf(entry);
  if (store === undefined) return;
  const plans = plansTouched(db, entry);
  if (plans.size === 0) return;
  db.prepare("INSERT INTO act_count VALUES (1, 1) ON CONFLICT (one) DO UPDATE SET n = n + 1").run();
  const n = actsSoFar(db);
  for (const id of plans) db.prepare("INSERT OR IGNORE INTO plan_acts VALUES (?, ?, ?)").run(id, store, n);
}

/** Plans of its task, and of everyone along its chain of causes. */
function plansTouched(db: Database, { task, request = [] }: Entry): Set<string> {
  const by = (column: "task" | "principal", value: string) =>
    db.prepare(`SELECT id FROM plans WHERE status = 'given' AND ${column} = ?`).all(value) as { id: string }[];
  const found = [...(task ? by("task", task) : []), ...request.flatMap(({ principal }) => by("principal", principal))];
  return new Set(found.map(({ id }) => id));
}

/** How many such acts there were up to now. */
export function actsSoFar(db: Database): number {
  return (db.prepare("SELECT n FROM act_count WHERE one = 1").get() as { n: number } | undefined)?.n ?? 0;
}

/** Of a plan: where something may stand that no plan named, and which act was the first to put it there. */
export function actsSince(db: Database, plan: string): Map<string, number> {
  const rows = db.prepare("SELECT store, first FROM plan_acts WHERE plan = ?").all(plan);
  return new Map((rows as { store: string; first: number }[]).map(({ store, first }) => [store, first]));
}

/**
 * Where a command may leave something of the agent's own making; undefined where it leaves nothing: it only reads, a plan
 * names all of it, or it is the owner's. To propose a plan changes nothing that a source may read.
 */
export function storeOf({ skill = "", request: [first] = [] }: Pick<Entry, "skill" | "request">): string | undefined {
  if (first === undefined || isOwner(first.principal) || first.planUse?.isWhole) return undefined;
  if (isReading(first.effect) || skillName(skill) === planPropose.name) return undefined;
  return first.effect === "notify" ? nounOf(skill) : anywhere;
}

/** `notify` of `notify.send@1.0.0#ab`. */
const nounOf = (skill: string): string => skill.split(".", 1)[0] ?? "";
