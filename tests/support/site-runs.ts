import type { Mh } from "../fault/mh.ts";
import { filling } from "./site-home.ts";

/** Lets agents of a home run, one of them to a bad end where nothing shows its notification, and two people be known. */
export function fillRuns(mh: Pick<Mh, "run">): void {
  const run = filling(mh);
  for (const name of ["organizer", "morning-brief"]) run("agent", "allow", name, "--yes");
  for (const name of ["organizer", "morning-brief", "organizer", "organizer"]) mh.run(["agent", "run", name]);
  run("memory", "relate", "Sarah", "Marta", "knows");
  run("memory", "relate", "Sarah", "ML project", "works-on");
}
