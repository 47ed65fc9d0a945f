// Made by `npm run shipped-agents`. An agent whose file changed by one byte is none of these.
import type { AgentManifest } from "@mh/core/agents/scheduler/agent-manifest.ts";

/**
 * Each agent that comes with mh: SHA-256 of its file, by which it is known, never by where it lies; and what that file
 * declares, so that it is not loaded to be listed.
 */
export const shippedAgents: Readonly<Record<string, { hash: string; manifest: AgentManifest }>> = {
  align: {
    hash: "6694303bbffa22484b1924a31008af741996655ebb4048f910363d631a51b630",
    manifest: {
      name: "align",
      title: "Proposes each week the routines that it counted, and asks you to look over what is expected of you",
      triggers: [
        {
          cron: "0 6 * * 1",
        },
      ],
      may: ["pattern.spot", "decision.drift", "proposal.make"],
      ensures: ["pattern.spot", "decision.drift"],
      missed: "latest",
      quietHours: "run",
      priority: "low",
      retries: 2,
      limits: {
        timeMs: 60000,
        cpuMs: 30000,
        memoryBytes: 268435456,
      },
    },
  },
  "calendar-sync": {
    hash: "4d32697ca082e6a12e6322f3be4c893ab814079755e382f953a38739817be63d",
    manifest: {
      name: "calendar-sync",
      title: "Keeps the events of your calendars with your memories, each once and as it now stands there",
      triggers: [
        {
          every: "30m",
        },
      ],
      may: ["calendar.keep", "memory.file"],
      ensures: ["calendar.keep"],
      missed: "latest",
      quietHours: "run",
      priority: "low",
      retries: 2,
      limits: {
        timeMs: 60000,
        cpuMs: 30000,
        memoryBytes: 268435456,
      },
    },
  },
  curator: {
    hash: "9320743edf2d1de3422a33bb08d898c684fb693566858409b09ab014b2092382",
    manifest: {
      name: "curator",
      title: "Keeps your review list short: proposes what to dismiss at once, and which of two facts to retire",
      triggers: [
        {
          cron: "30 5 * * *",
        },
      ],
      may: ["proposal.list", "memory.propose", "proposal.make", "prompt.read", "llm.generate"],
      ensures: ["proposal.list", "memory.propose"],
      missed: "latest",
      quietHours: "run",
      priority: "low",
      retries: 2,
      limits: {
        timeMs: 60000,
        cpuMs: 30000,
        memoryBytes: 268435456,
      },
    },
  },
  digest: {
    hash: "98d0c54124cc7eb5e50269df23705e78772f9c120d4d441a8c90db00a9213623",
    manifest: {
      name: "digest",
      title: "Looks back on the week every Sunday evening: what was done, who was in it, what is left",
      triggers: [
        {
          cron: "0 18 * * 0",
        },
      ],
      may: ["memory.timeline", "task.list", "memory.capture", "notify.send"],
      ensures: ["memory.timeline", "task.list", "memory.capture", "notify.send"],
      missed: "latest",
      quietHours: "wait",
      priority: "normal",
      retries: 2,
      limits: {
        timeMs: 60000,
        cpuMs: 30000,
        memoryBytes: 268435456,
      },
    },
  },
  "email-monitor": {
    hash: "0206975757b11ea2c67bd38b946bb98dfd2ce5aa3940027af38e8c4b0edaaab6",
    manifest: {
      name: "email-monitor",
      title: "Looks through new mail and tells you at once what cannot wait; it sends and deletes nothing",
      triggers: [
        {
          every: "5m",
        },
      ],
      may: [
        "mail.read",
        "mail.triage",
        "decision.make",
        "notify.send",
        "mail.draft",
        "memory.import",
        "prompt.read",
        "llm.generate",
      ],
      ensures: ["mail.read", "mail.triage"],
      missed: "latest",
      quietHours: "run",
      priority: "high",
      retries: 2,
      limits: {
        timeMs: 600000,
        cpuMs: 30000,
        memoryBytes: 268435456,
      },
    },
  },
  "morning-brief": {
    hash: "2021c79d6cb020e82724d2d85122641c1adfeacae07d693500c40496c83ee884",
    manifest: {
      name: "morning-brief",
      title: "Tells you at seven what the day holds: events, tasks, and what yesterday brought",
      triggers: [
        {
          cron: "0 7 * * *",
        },
      ],
      may: [
        "memory.timeline",
        "task.list",
        "calendar.read",
        "memory.capture",
        "notify.send",
        "prompt.read",
        "llm.generate",
      ],
      ensures: ["memory.timeline", "task.list", "memory.capture"],
      missed: "latest",
      quietHours: "run",
      priority: "normal",
      retries: 2,
      limits: {
        timeMs: 60000,
        cpuMs: 30000,
        memoryBytes: 268435456,
      },
    },
  },
  "opportunity-scanner": {
    hash: "9276708f0d5de4a49beb6afb49a4e2575c5aae1bdb4d86e3ba7fe5d0e71ad646",
    manifest: {
      name: "opportunity-scanner",
      title: "Reads the feeds and pages that you name, and tells you what touches your interests",
      triggers: [
        {
          every: "2h",
        },
      ],
      may: ["feed.read", "web.fetch", "memory.import", "notify.send"],
      ensures: ["feed.read"],
      missed: "latest",
      quietHours: "wait",
      priority: "low",
      retries: 2,
      limits: {
        timeMs: 60000,
        cpuMs: 30000,
        memoryBytes: 268435456,
      },
    },
  },
  organizer: {
    hash: "1c2c1adf667f89a52ceec9ac3083813a2cd55de2574c92451cfb851902d0e4b1",
    manifest: {
      name: "organizer",
      title: "Merges memories that say the same while you are away, and proposes those that only mean the same",
      triggers: [
        {
          idle: "30m",
        },
      ],
      may: ["memory.propose", "memory.consolidate", "memory.timeline", "proposal.make", "prompt.read", "llm.generate"],
      ensures: ["memory.propose"],
      missed: "latest",
      quietHours: "wait",
      priority: "low",
      retries: 2,
      limits: {
        timeMs: 60000,
        cpuMs: 30000,
        memoryBytes: 268435456,
      },
    },
  },
  reflector: {
    hash: "3bcfc7025b7238c8f786502355a589fbf0c9735758bcca32b2acb2b752ea3863",
    manifest: {
      name: "reflector",
      title: "Proposes a reflection on your own notes: each evening on the day, on Sundays on the week",
      triggers: [
        {
          cron: "0 21 * * *",
        },
      ],
      may: ["memory.timeline", "proposal.make", "prompt.read", "llm.generate"],
      ensures: ["memory.timeline"],
      missed: "latest",
      quietHours: "run",
      priority: "low",
      retries: 2,
      limits: {
        timeMs: 60000,
        cpuMs: 30000,
        memoryBytes: 268435456,
      },
    },
  },
  "sleep-service": {
    hash: "dd518f81a9efa259f242634a760b739bb4d42ae30d14d81f127781faec3e778d",
    manifest: {
      name: "sleep-service",
      title: "Finds at night what your own notes say, and proposes it as facts, routines, preferences and tasks",
      triggers: [
        {
          cron: "30 2 * * *",
        },
      ],
      may: ["memory.timeline", "fact.spot", "task.spot", "memory.spot", "proposal.make", "prompt.read", "llm.generate"],
      ensures: ["memory.timeline"],
      missed: "latest",
      quietHours: "run",
      priority: "low",
      retries: 2,
      limits: {
        timeMs: 600000,
        cpuMs: 30000,
        memoryBytes: 268435456,
      },
    },
  },
  transcriber: {
    hash: "0538d72f08bf5dcfce83ee173b0b870817e2d29fe5df50ca1751b0a5d458a1a9",
    manifest: {
      name: "transcriber",
      title: "Transcribes the recordings that lie in your inbox for them (audio.inbox), one after the other",
      triggers: [
        {
          every: "15m",
        },
      ],
      may: ["audio.next", "audio.note"],
      ensures: ["audio.next"],
      missed: "latest",
      quietHours: "run",
      priority: "low",
      retries: 2,
      limits: {
        timeMs: 3600000,
        cpuMs: 30000,
        memoryBytes: 268435456,
      },
    },
  },
};
