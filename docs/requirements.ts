// What mh promises, as data. `tests/system/requirements.test.ts` holds the names of all tests to it: a test whose name
// begins with an id shows a part of that promise, and a promise that is done has such a test.

export type Requirement = { promise: string } & (
  | { state: "done" }
  /** Some of it is kept and tested; `missing` is what is not. */
  | { state: "partly"; missing: string }
  | { state: "planned" }
);

const done = (promise: string): Requirement => ({ promise, state: "done" });
const partly = (promise: string, missing: string): Requirement => ({ promise, state: "partly", missing });
const planned = (promise: string): Requirement => ({ promise, state: "planned" });

export const requirements: Readonly<Record<string, Requirement>> = {
  // The personal-agent OS.
  H1: done("A captured sentence is one memory with its people, tags and time, announced once."),
  H2: done("The same words of one speaker on one day are counted, not stored twice; imports never merge by text."),
  H3: done("Search finds by words without a model, and by meaning with one; with the embedder gone it says so."),
  H4: done("A relationship reads from both ends, and consolidating memories loses no id."),
  H5: done("Every kind of memory can be stored, found, edited by command or by hand, and forgotten everywhere."),
  H6: done("Each part of the owner's identity has versions that are compared and brought back."),
  H7: done("A hard rule denies everybody at every trust level and names itself, over MCP as elsewhere."),
  H8: done("A preference changes the order of options, never a verdict."),
  H9: done("The trust table is the published one, and only the owner raises trust."),
  H10: done("Six layers judge, deny before ask before allow, and `mh why` rebuilds the verdict from the log."),
  H11: done("Rate limits hold for each agent and for all together, whatever the clock does."),
  H12: done("An approval survives kill -9, shows its whole payload, and runs exactly once; silence denies."),
  H13: done("A decision below its confidence threshold is the owner's, and its reasons can be read later."),
  H14: done("Agents run by cron, interval, event and idle time, within limits, quiet hours and clock changes."),
  H15: done("Each morning a brief of yesterday's memories, tasks and today's events is stored and sent."),
  H16: done("Urgent mail rings, a drafted reply waits, and what a mail says is never done."),
  H17: done(
    "A correction becomes a preference with its source, drift moves as the owner's choices do, and no source is observed unasked.",
  ),
  H18: done("Skills are declared, first use asks, and programs run sandboxed from a list of arguments."),
  H19: done("Every command works offline and without a model, and connects to nobody until the owner opts in."),
  H20: done("The audit log is append-only and chained; any change to it is named by its record."),
  H21: done(
    "The home is encrypted at rest, and a locked home is refused rather than read; a keychain can hold its key.",
  ),
  H22: done("Ten web pages show the home and follow changes within a second."),
  H23: done("A corrupt file is set aside and named, and the rest works."),
  H24: done("`mh chat` plans with commands that pass the gate, streams, stops and resumes."),
  H25: done("From a paired phone the owner talks and answers approvals; forged answers are refused."),
  H26: done("An import reads or names every file, keeps every property and what says when, and follows what moved."),

  // What users of other agent tools ask for.
  K1: done("Rules bind every call, whatever an agent remembers of them."),
  K2: done("`mh stop` takes hold within a second, survives restarts and blocks new runs until it is lifted."),
  K3: done("The log answers who did what, why, and by which approval."),
  K4: done("What agents and commands change can be undone, and what cannot says so before it is approved."),
  K5: done(
    "Facts, procedures and preferences have sources and what says otherwise, and `mh why` tells what a claim rests on.",
  ),
  K6: done("No memory is lost: missing lines are noticed, and a snapshot brings them back in one step."),
  K7: done("Recalled, injected and assistant-written text becomes no new memory; doubtful candidates wait for review."),
  K8: done("A value from mail, web, files or tools cannot choose a recipient, amount, path or URL by itself."),
  K9: done("Money and tokens are reserved before a call, per agent, together, and for all who had it done."),
  K10: done("A skill's permissions hold at run time and for one hash; an update that wants more asks again."),
  K11: done("A plan that was approved once runs its steps without asking, and nothing outside it."),
  K12: done("Trust levels are proposed by evidence and fall at once on a violation."),
  K13: done("A scheduled run happens once, follows its policy when missed, and is checked by what it left in the log."),
  K14: partly(
    "Upgrades, settings and skills are staged, tried and kept to go back to; the whole self exports and imports with a preview.",
    "There are no modules to try yet; earlier texts of files stay in the home that was exported.",
  ),
  K15: done("Nothing reaches an effect past the kernel, and a hostile agent in its sandbox reaches nothing."),
  K16: done("A plan with slots is approved once for a task, and the task is undone as one."),
  K17: done("Another tool's transcripts can be replayed, and its data moved in by one plan that can be undone."),
  K18: done("After forgetting, a check finds the words nowhere on the disk."),

  // Attacks.
  P1: done("A planner that an injection has taken over completely."),
  P2: done("An address that makes the page talk to another server."),
  P3: done("Requests and event streams from another site."),
  P4: done("DNS rebinding."),
  P5: done("Forms and requests forged against localhost."),
  P6: done("An address that others can reach, without authentication."),
  P7: done("An MCP tool that changes after it was approved."),
  P8: done("Tools and packages named like others."),
  P9: done("Memories planted for later sessions."),
  P10: done("The supply chain of skill packages."),
  P11: done("A more powerful agent made to act for a weaker one."),
  P12: done("Floods of approval requests."),
  P13: done("A world that changes between an approval request and its answer."),
  P14: done("Approval requests that look like something else."),
  P15: done("Approval requests that nobody answers."),
  P16: done("Path traversal and swapped symbolic links."),
  P17: done("Fetches of addresses inside, in every spelling and by redirect."),
  P18: done("Exfiltration in links and images."),
  P19: done("Secrets in logs, files, events and child environments."),
  P20: done("Agents that write rules, grants, trust, approvals or the journal."),

  // Reliability.
  R1: done("1,000 kill -9 under load: acknowledged writes are kept, the chain verifies, nothing runs twice."),
  R2: done("Every flipped byte of a log is named, every truncation recovered or named."),
  R3: done("Eight processes that write at once lose nothing and make one chain."),
  R4: done("A full disk refuses the write, harms nothing, and work resumes once there is room."),
  R5: done("A lost or damaged index is rebuilt from the files and answers the same."),
  R6: done("With 100,000 memories a home opens in a second, and memory use stays bounded."),

  // What attackers found in the house.
  S1: done("No sandboxed process makes a socket, and no folder with a socket in it is given to one."),
  S2: done("The home's socket knows its owner by proof, wherever it lies."),
  S3: done("Every home on the machine is closed to every other."),
  S4: done("A sandboxed process has no descriptor that was not handed to it."),
  S5: done("Rights come before provenance; work is bounded and in turns, so that STOP and time limits hold meanwhile."),
  S6: done("No rule locks the owner out of stopping, looking, adopting rules, doctor and export."),
  S7: done("Rights that stand in the index alone do not count, and are named."),
  S8: done("Only text that the owner allowed counts as the owner's words."),
  S9: done("A folder that is exchanged after it was judged is not given to anybody."),
  S10: done("An approval request shows what has no ink."),
  S11: done("STOP ends every process that mh started for others."),
  S12: done("Plans and rates count every kind of command."),
  S13: done("Files that an approved command names are those that run."),
  S14: done("No fetch reaches this machine by an address of its own."),
  S15: done("A line written by hand vouches for nobody until it was reviewed."),
  S16: done("Memory, processes, processor, time and disk of what is started are limited, and each limit is tried."),
  S17: done("No text of a rule takes the engine away, and the last good rules stay in force."),
  S18: done("A program that may run others is asked about each time."),
  S19: done("Nothing is prepared for a command that would be refused, and a refusal tells nothing."),
  S20: done("Numbers, paths and names vouch as exactly as the world takes them."),

  // Modules that are built, wired and healed.
  M1: planned("A module is built from a sentence, tested in a sandbox, registered and started."),
  M2: planned("A module's manifest is validated field by field."),
  M3: planned("Installed libraries are reused, and dependants of a dead one are degraded."),
  M4: planned("Modules start in the order of their dependencies, and cycles are refused."),
  M5: planned("Fifty modules start at once without a port clash."),
  M6: planned("A crashed module restarts, and is healed by a tested patch or put back."),
  M7: planned("The command line and the dashboard agree about modules."),
  M8: planned("A module stops gracefully, leaves no process behind and logs no secret."),
  M9: planned("All five types of module run."),
  M10: planned("Modules talk over HTTP, tables, files and events, by permission only."),

  // Changes to repositories, proven.
  A1: planned("A change goes through six durable stages, each exactly once."),
  A2: planned("Planning changes nothing."),
  A3: planned("A patch works on a copy, and its failure leaves the source as it was."),
  A4: planned("Verification leaves evidence with hashes, and a skipped check has not passed."),
  A5: planned("The sandbox caps network, disk, processor, memory and time, each proven by a probe."),
  A6: planned("The gate waits for an approval that shows the evidence."),
  A7: planned("Signed attestations fail when plan, patch or evidence changes."),
  A8: planned("Three roles guard every route."),
  A9: planned("Deploys roll back when unhealthy, and unreachable targets are errors."),
  A10: planned("Jobs retry, have priorities and run on many machines, with traces and metrics."),

  // One state, many frontends.
  B1: done("1,000 random commands, all undone and all redone, give the first and the last state again."),
  B2: planned("The same command is the same event, from the command line, the web and the desktop."),
  B3: partly(
    "Events are followed by pattern, replayed by range, and slow readers lose nothing.",
    "ranges and patterns",
  ),
  B4: planned("Five kinds of file system mounts pass one suite."),
  B5: planned("Browsers, command line and desktop converge, and catch up after a disconnect."),
  B6: planned("Capability modules are reloaded without dropping a call."),
  B7: planned("A module of JSON alone adds a panel, a command and a key binding."),
  B8: planned("Workflows in JSON run in parallel, retry, fall back, time out, cancel and resume."),
  B9: planned("Tenants are isolated, as a property test."),
  B10: planned("All documents have one history."),

  // Souls and Matrices across machines.
  C1: planned("Souls on two nodes talk by the API that they have at home, and unknown peers are refused."),
  C2: planned("WebAssembly souls keep within memory, time and policy."),
  C3: planned("A soul keeps its memory and values over a restart, and training keeps its sources."),
  C4: planned("A Matrix is deterministic, can be paused and replayed."),
  C5: planned("Two nodes that wrote offline become identical again."),
  C6: planned("Health, deploy and logs over gRPC, by role."),
  C7: planned("Metrics over HTTP, and a graceful shutdown within five seconds."),
};
