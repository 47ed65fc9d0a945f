// Made by `npm run shipped-agents`. An agent whose file changed by one byte is none of these.

/** SHA-256 of the file of each agent that comes with mh. By these they are known, never by where they lie. */
export const shippedAgents: Readonly<Record<string, string>> = {
  "calendar-sync": "9e5ec4205970efc760eae47cfa5fe0b22bbb5cae9d3af30355785f18b40e0c96",
  digest: "98d0c54124cc7eb5e50269df23705e78772f9c120d4d441a8c90db00a9213623",
  "email-monitor": "b48b36914220302305c37fde7a5fceaf791c9b8bd8fffda8f9e29d8c7843b4db",
  "morning-brief": "a4a60031ada8984c3a4905bedc2508dbf2659701124993c00ed81abedee76709",
  "opportunity-scanner": "9276708f0d5de4a49beb6afb49a4e2575c5aae1bdb4d86e3ba7fe5d0e71ad646",
  organizer: "ba32833bc144c5399521ac606f0a1d611d7e32f059cdcff7e365c3d365f87d2e",
};
