import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { codeFolder, realOf, socketFolder } from "../places.ts";
import { knownHomes } from "./known-homes.ts";

/**
 * What of this machine's disk nobody is given, by absolute paths, also the real ones of links. Each is looked up anew:
 * homes come and go while a daemon runs. The code that opens a place looks again by `refuseBelowClosed`.
 */
export interface ClosedPlaces {
  /** For `disk.*`, scripts, and imports by others than the owner. */
  toSkills(): string[];
  /** A program that is given a folder also connects to what listens in it. */
  toPrograms(): string[];
  /** The owner imports from beside mh and from this home, and from no other home. */
  toOwner(): string[];
}

/** Every home's keys, every home but this one, and what the system keeps for itself. */
export function closedPlaces(
  root: string,
  keyFolder: string,
  environment: Record<string, string | undefined>,
): ClosedPlaces {
  const config = path.dirname(keyFolder);
  const code = codeFolder(import.meta.dirname);
  const home = realOf(root);
  const others = () =>
    knownHomes(config)
      .homes.map((each) => each.root)
      .filter((each) => each !== home);
  const inner = [config, socketFolder(), "/proc", "/sys"];
  const toSkills = () => withReal([root, code, "/dev", ...inner, ...others()]);
  return {
    toSkills,
    toPrograms: () => [...toSkills(), ...withReal(doors(environment))],
    toOwner: () => withReal([...inner, ...others().filter((each) => each !== realOf(code))]),
  };
}

/** Where programs of the system and of the desktop listen: who connects there does what they do, outside the sandbox. */
function doors(environment: Record<string, string | undefined>): string[] {
  const { HOME: person = os.homedir(), XDG_RUNTIME_DIR: session } = environment;
  const ofPerson = [".ssh", ".gnupg"].map((name) => path.join(person, name));
  const display = ["/tmp/.X11-unix", "/tmp/.ICE-unix"];
  return ["/run", "/var/run", ...display, ...ofPerson, ...(session ? [session] : []), ...socketsNamedIn(environment)];
}

/** Sockets that variables of the environment name: those of agents, the bus, terminals and container engines. */
function socketsNamedIn(environment: Record<string, string | undefined>): string[] {
  const named = Object.values(environment).flatMap((value = "") => value.split(/[:;,=]/));
  const paths = named.map((each) => each.replace(/^\/\/+/, "/")).filter((each) => each.startsWith("/"));
  return [...new Set(paths)].filter(isSocket);
}

function isSocket(place: string): boolean {
  try {
    return fs.statSync(place).isSocket();
  } catch {
    return false;
  }
}

const withReal = (places: readonly string[]): string[] => [...new Set(places.flatMap((each) => [each, realOf(each)]))];
