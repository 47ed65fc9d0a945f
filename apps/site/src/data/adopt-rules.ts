import type { ValueFor } from "@mh/contract/contracts.ts";
import { home } from "./home.svelte.ts";

type Offer = ValueFor<"approval.offer">;
interface Draft {
  files: Offer["files"];
  /** Rules that were shown; left out where the files are new, and shown whole. */
  added?: Offer["added"];
  gone?: Offer["gone"];
}

/**
 * Writes rules that were shown, and puts just these in force. False where other changes wait beside them: those were not
 * shown here, and all are adopted together where they are.
 */
export async function adoptRules({ files, added = [], gone = [] }: Draft): Promise<boolean> {
  const { inForce } = await home.get("policy.list", {});
  const written: string[] = [];
  for (const file of files) written.push(...(await home.get("policy.write", file)).rules);
  const { pending } = await home.get("policy.list", {});
  const isNew = files.every(({ replaces }) => replaces === undefined);
  const shown = [...added, ...inForce.filter(({ id }) => gone.includes(id))].map(({ text }) => text);
  // While both stand, a rule and the one in its place have other ids.
  const isShown = ({ rule }: (typeof pending)[number]) =>
    shown.includes(rule.text) || (isNew && written.includes(rule.id));
  if (!pending.every(isShown)) return false;
  if (pending.length > 0) await home.get("policy.adopt", { shown: pending });
  return true;
}
