// Made by `npm run shipped-agents`. An agent whose file changed by one byte is none of these.

/** SHA-256 of the file of each agent that comes with mh. By these they are known, never by where they lie. */
export const shippedAgents: Readonly<Record<string, string>> = {
  "calendar-sync": "9e5ec4205970efc760eae47cfa5fe0b22bbb5cae9d3af30355785f18b40e0c96",
  digest: "774b21520b959c0bf06788f414a53820eb03532c1707b3ef9052fe93fde22134",
  "email-monitor": "8617f63cbfb89333afd7636b8636b69769afe0bb7bec0f7b4b85e927a24b44a6",
  "morning-brief": "46b0285ee29149e820ccc94eb8d3a4791b1baa0d61a0b6fdd53e6bcb9c1229f0",
  "opportunity-scanner": "7b7b4dc0392e88b3d8dc128e2636e0ca2f6f69cac0eec6a7e0a1d904f8a1b164",
  organizer: "0ef5f2af86268176abff190395248ee359acc7732bde54f77ccf3603e5130dae",
};
