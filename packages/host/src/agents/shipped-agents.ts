// Made by `npm run shipped-agents`. An agent whose file changed by one byte is none of these.

/** SHA-256 of the file of each agent that comes with mh. By these they are known, never by where they lie. */
export const shippedAgents: Readonly<Record<string, string>> = {
  "calendar-sync": "6b369085a81bd980622f8f3040d23f2e08c9f135847d492ca1df7f6b192a7158",
  digest: "98d0c54124cc7eb5e50269df23705e78772f9c120d4d441a8c90db00a9213623",
  "email-monitor": "655e2d74e9fd7232d0e39ec46a5a04138d673e3cea04b24db906e62274fdd21f",
  "morning-brief": "a4a60031ada8984c3a4905bedc2508dbf2659701124993c00ed81abedee76709",
  "opportunity-scanner": "9276708f0d5de4a49beb6afb49a4e2575c5aae1bdb4d86e3ba7fe5d0e71ad646",
  organizer: "ba32833bc144c5399521ac606f0a1d611d7e32f059cdcff7e365c3d365f87d2e",
};
