import type { Command, Outcome } from "@mh/contract/wire/command.ts";
import type { Event } from "@mh/contract/wire/event.ts";
import type { FeatureParts, WaitingSource } from "@mh/core/feature.ts";
import type { Inspector } from "@mh/core/inspect/inspect.ts";
import type { Bus } from "@mh/core/kernel/bus.ts";
import type { GoverningParts } from "@mh/core/kernel/governing-parts.ts";
import type { Run } from "@mh/core/kernel/run.ts";
import type { WordVectors } from "@mh/core/memory/search/word-vectors.ts";
import type { VectorFile } from "@mh/core/memory/vectors/vectors.ts";
import type { Executor } from "@mh/core/ports/executor.ts";
import type { Http } from "@mh/core/ports/http.ts";
import type { LineCodec } from "@mh/core/ports/line-codec.ts";
import type { Passkeys } from "@mh/core/ports/passkeys.ts";
import type { Timers } from "@mh/core/ports/timers.ts";
import type { RuleFiles } from "@mh/core/rules/feature.ts";
import type { SettingsFilePort } from "@mh/core/settings/feature.ts";
import type { AgentFiles } from "../agents/agent-files.ts";
import type { ClosedPlaces } from "../home/closed-places.ts";
import type { HomeFile } from "../home/home-file.ts";
import type { Vault } from "../secrets/vault.ts";

/** Everything that shipped features are given; one from elsewhere is given `FeatureParts` of it. */
export interface HomeParts extends FeatureParts, GoverningParts {
  root: string;
  /** What `home.json` says. */
  home: HomeFile;
  /** A signature by the home's own key. */
  signed: (message: Uint8Array) => Uint8Array;
  environment: Record<string, string | undefined>;
  rules: RuleFiles;
  settings: SettingsFilePort;
  /** Filled when the features are installed. */
  waiting: WaitingSource[];
  inspector: Inspector;
  secrets: Vault;
  /** A text without the values of secrets. */
  redact: (text: string) => string;
  executor: Executor;
  agentFiles: AgentFiles;
  /** Names of the skills that came with mh. Filled when the features are installed. */
  shippedSkills: Set<string>;
  /** What no skill for the disk or for programs opens. */
  closed: ClosedPlaces;
  http: Http;
  /** Passkeys, as the browsers of devices show them. */
  passkeys: Passkeys;
  /** Certificates (PEM) that the settings add to the public ones. */
  ca: () => string | undefined;
  bus: Bus;
  /** Events of the past from a place of the log on, and how many records are on disk for good. */
  replay: (from: number) => Iterable<Event>;
  committed: () => number;
  /** The gate. */
  act: (command: Command) => Promise<Outcome>;
  /** The same, as a run. */
  begin: (command: Command) => Run;
  /** How a command of the owner's or of those they answer for ends or ended; undefined where there was none. */
  wait: (id: string) => Promise<Outcome | undefined>;
  timers: Timers;
  /** Lets everything else have its turn. */
  pause: () => Promise<void>;
  /** Called at once with the id of a memory that is forgotten. */
  onForgotten: Set<(memory: string) => void>;
  /** Of an encrypted home: seals what is written as lines, as into logs. */
  sealer: LineCodec | undefined;
  /** Where vectors of memories lie. */
  vectorFile: VectorFile;
  wordVectors: () => Promise<WordVectors>;
  /** Disposes of something when the home is closed. */
  use: <T extends AsyncDisposable>(resource: T) => T;
}
