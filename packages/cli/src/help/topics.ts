interface Topic {
  summary: string;
  load(): Promise<{ text: string }>;
}

/** What `mh help TOPIC` knows: each text in a file of its own, at most 60 lines of 80 columns. */
export const topics: Record<string, Topic> = {
  "getting-started": { summary: "From nothing to the first answer", load: () => import("./getting-started.ts") },
  "capture-and-ask": { summary: "What is kept, how it is found", load: () => import("./capture-and-ask.ts") },
  chat: { summary: "Talk with a model that may do what you approve", load: () => import("./chat.ts") },
  importing: { summary: "Notes, exports and mail that you have already", load: () => import("./importing.ts") },
  memory: { summary: "Correct, relate, forget; facts and habits", load: () => import("./memory.ts") },
  tasks: { summary: "What is to be done, and by when", load: () => import("./tasks.ts") },
  reminders: { summary: "When something comes: what can be waited for", load: () => import("./reminders.ts") },
  "agents-and-trust": {
    summary: "Who may do what, alone or with your approval",
    load: () => import("./agents-and-trust.ts"),
  },
  agents: { summary: "Programs that work for you by a schedule", load: () => import("./agents.ts") },
  skills: { summary: "Skills of others, in a sandbox", load: () => import("./skills.ts") },
  "mcp-servers": { summary: "MCP servers: tools, signing in, what they ask", load: () => import("./mcp-servers.ts") },
  mcp: { summary: "Programs whose models use mh, over MCP", load: () => import("./mcp.ts") },
  daemon: { summary: "Up in the background, HTTP, your phone", load: () => import("./daemon.ts") },
  approvals: { summary: "Approval requests that wait for you", load: () => import("./approvals.ts") },
  notifications: { summary: "Channels, quiet hours, devices", load: () => import("./notifications.ts") },
  phone: { summary: "Talk, approve and stop from your phone", load: () => import("./phone.ts") },
  secrets: { summary: "Passwords and tokens: where they lie, and who sees them", load: () => import("./secrets.ts") },
  models: { summary: "Ollama and others, here or elsewhere", load: () => import("./models.ts") },
  audio: { summary: "Recordings, and a server that transcribes them", load: () => import("./audio.ts") },
  rules: { summary: "Rules of your own, in Cedar", load: () => import("./rules.ts") },
  undo: { summary: "Take back, do again, go back to a snapshot", load: () => import("./undo.ts") },
  audit: { summary: "The log, and how to prove what it says", load: () => import("./audit.ts") },
  identity: { summary: "Who you are to your agents: goals, values, rules", load: () => import("./identity.ts") },
  settings: { summary: "config.yaml, and the environment", load: () => import("./settings.ts") },
  files: { summary: "Where everything lies", load: () => import("./files.ts") },
  "exit-codes": { summary: "What a script learns from how mh ends", load: () => import("./exit-codes.ts") },
  json: { summary: "Results for programs", load: () => import("./json.ts") },
};
