/** How the content of a file is looked into. */
export type FileForm = "lines" | "text" | "gzip" | "database";

/**
 * How it lies in an encrypted home: `sealed` as a file or line by line; `records`, each sealed before it is chained; `pages`
 * of an encrypted database; `copied` as it lay, sealed, in the home that it is a copy of; `removed` where the home is
 * encrypted or locked, as what nobody needs any more; `open` what says nothing, or what its owner put there for mh to run.
 */
export type AtRest = "sealed" | "records" | "pages" | "copied" | "removed" | "open";

/** One kind of file that a home holds. Whatever mh begins to write there is declared here. */
export interface HomeFileKind {
  /** What it is called in a sentence. */
  name: string;
  path: RegExp;
  /** A path of this kind. */
  example: string;
  form: FileForm;
  atRest: AtRest;
  /** What the owner does where words that were forgotten remain in it. */
  next: string;
}

const byHand = "Take the words out of it by hand, or remove the file.";
const again = "mh memory forget ID --check, once more: what was there was put away by a process that still ran.";
const rebuild = "Remove memory/index: it is made anew from your files at the next command.";

/** Left by a crash that kept `Files.replace` from putting it in place: nobody reads it, and it may hold words of any memory. */
export const isCutOffWrite = (path: string): boolean => cutOff.test(path);
const cutOff = /\.\d+\.tmp$/;

/** The kinds of files of a home. The first whose path fits holds. */
export const homeFileKinds: readonly HomeFileKind[] = [
  {
    name: "a write that a crash cut off",
    path: cutOff,
    example: "memory/episodic/2026/11/29.ndjson.4711.tmp",
    form: "text",
    atRest: "removed",
    next: "Remove it: nothing reads it.",
  },
  {
    name: "a page about a folder",
    path: /^(memory|logs|persona|out)\/README\.md$/,
    example: "memory/README.md",
    form: "text",
    atRest: "open",
    next: byHand,
  },
  {
    name: "what a process tells others of itself",
    path: /^run\/((writer|daemon)\.db(-journal)?|daemon\.json|STOP)$/,
    example: "run/daemon.json",
    form: "text",
    atRest: "open",
    next: "mh daemon stop, then remove it.",
  },
  {
    name: "what the daemon said as it fell",
    path: /^logs\/run\/daemon-crash\.log$/,
    example: "logs/run/daemon-crash.log",
    form: "text",
    atRest: "removed",
    next: "Remove it: nothing depends on it.",
  },
  {
    name: "a summary of what a process saw",
    path: /^run\/(summary|rules-trouble)\.json$/,
    example: "run/summary.json",
    form: "text",
    atRest: "open",
    next: "Remove it: the next command writes it anew.",
  },
  {
    name: "a skill of others",
    path: /^brain\/skills\/.+/,
    example: "brain/skills/notes/SKILL.md",
    form: "text",
    atRest: "sealed",
    next: "mh skill remove NAME, or take the words out of it by hand.",
  },
  {
    name: "the home's own name",
    path: /^home\.json$/,
    example: "home.json",
    form: "text",
    atRest: "open",
    next: byHand,
  },
  {
    name: "memories",
    path: /^memory\/(episodic|semantic)\/.+\.ndjson$/,
    example: "memory/episodic/2026/11/29.ndjson",
    form: "lines",
    atRest: "sealed",
    next: "Forget that memory too: mh memory forget ID.",
  },
  {
    name: "a note or task",
    path: /^memory\/(tasks|procedural|preferences)\/.+/,
    example: "memory/tasks/call.md",
    form: "text",
    atRest: "sealed",
    next: byHand,
  },
  {
    name: "a snapshot",
    path: /^memory\/snapshots\/.+/,
    example: "memory/snapshots/2026-11-29T0900Z.ndjson",
    form: "lines",
    atRest: "sealed",
    next: "Remove that snapshot, and take a new one: mh snapshot create.",
  },
  {
    name: "the index",
    path: /^memory\/index\/.+/,
    example: "memory/index/index.db",
    form: "database",
    atRest: "pages",
    next: rebuild,
  },
  {
    name: "the log",
    path: /^logs\/audit\/.+\.ndjson$/,
    example: "logs/audit/2026-11-29.ndjson",
    form: "lines",
    atRest: "records",
    next: "The log cannot be changed; please report what wrote it there (SECURITY.md).",
  },
  {
    name: "an archived day of the log",
    path: /^logs\/audit\/.+\.gz$/,
    example: "logs/audit/2026-11-28.ndjson.gz",
    form: "gzip",
    atRest: "records",
    next: "The log cannot be changed; please report what wrote it there (SECURITY.md).",
  },
  {
    name: "an archived day of a log that was repaired",
    path: /^logs\/kept\/.+\.gz$/,
    example: "logs/kept/2026-11-29-0123456789ab/logs/audit/2026-11-28.ndjson.gz",
    form: "gzip",
    atRest: "sealed",
    next: "The log cannot be changed; please report what wrote it there (SECURITY.md).",
  },
  {
    name: "a log as it was before it was repaired",
    path: /^logs\/kept\/.+/,
    example: "logs/kept/2026-11-29-0123456789ab/logs/audit/2026-11-29.ndjson",
    form: "lines",
    atRest: "sealed",
    next: "The log cannot be changed; please report what wrote it there (SECURITY.md).",
  },
  {
    name: "an object of the log",
    path: /^logs\/objects\/.+/,
    example: `logs/objects/${"0".repeat(64)}`,
    form: "text",
    atRest: "sealed",
    next: "Remove the file: what it was kept for is then said to be expired.",
  },
  {
    name: "what was set aside as unreadable",
    path: /^logs\/torn\/.+/,
    example: "logs/torn/memory-episodic-2026-11-29.ndjson.120",
    form: "text",
    atRest: "sealed",
    next: "Remove it once you have looked at it: nothing reads it.",
  },
  {
    name: "a log of the daemon or of an agent",
    path: /^logs\/run\/.+/,
    example: "logs/run/daemon.1.ndjson",
    form: "lines",
    atRest: "sealed",
    next: "Remove it: nothing depends on it. A running daemon begins its log anew after `mh daemon stop`.",
  },
  {
    name: "a copy of what a program was approved to run",
    path: /^run\/approved\/.+/,
    example: "run/approved/script/run.sh",
    form: "text",
    atRest: "removed",
    next: again,
  },
  {
    name: "a package that waits to be taken in",
    path: /^run\/staged\/.+/,
    example: "run/staged/notes.json",
    form: "text",
    atRest: "sealed",
    next: "Remove it, and add the package again.",
  },
  {
    name: "the home of before an upgrade",
    path: /^run\/upgrade\/.+/,
    example: "run/upgrade/before/config.yaml",
    form: "text",
    atRest: "copied",
    next: "mh self upgrade --done lets go of it.",
  },
  {
    name: "an archive that is being taken in",
    path: /^run\/archives\/.+/,
    example: "run/archives/1/memories.ndjson",
    form: "lines",
    atRest: "removed",
    next: again,
  },
  {
    name: "what a running process keeps",
    path: /^run\/.+/,
    example: "run/channel-telegram.json",
    form: "text",
    atRest: "sealed",
    next: "mh daemon stop, then remove it.",
  },
  {
    name: "a rule",
    path: /^persona\/policy\/.+/,
    example: "persona/policy/house.cedar",
    form: "text",
    atRest: "sealed",
    next: byHand,
  },
  {
    name: "the persona",
    path: /^persona\/.+/,
    example: "persona/persona.md",
    form: "text",
    atRest: "sealed",
    next: byHand,
  },
  {
    name: "a file that you took out",
    path: /^out\/.+/,
    example: "out/files/export.json",
    form: "text",
    atRest: "sealed",
    next: byHand,
  },
  {
    name: "an agent or prompt of yours",
    path: /^brain\/(agents|prompts)\/.+/,
    example: "brain/agents/mine.ts",
    form: "text",
    atRest: "sealed",
    next: byHand,
  },
  { name: "the settings", path: /^config\.yaml/, example: "config.yaml", form: "text", atRest: "sealed", next: byHand },
];

/** A file that mh did not put there: looked into like any other. */
const unknownKind = { name: "a file that is not mh's", form: "text", atRest: "open", next: byHand } as const;

export const kindOfFile = (path: string): Pick<HomeFileKind, "name" | "form" | "atRest" | "next"> =>
  homeFileKinds.find((kind) => kind.path.test(path)) ?? unknownKind;

export const isHomeFile = (path: string): boolean => homeFileKinds.some((kind) => kind.path.test(path));
