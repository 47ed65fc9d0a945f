// Made by `npm run shipped-agents`. An agent whose file changed by one byte is none of these.

/** SHA-256 of the file of each agent that comes with mh. By these they are known, never by where they lie. */
export const shippedAgents: Readonly<Record<string, string>> = {
  "calendar-sync": "5fb8248ee28f99239e05d8d0b71ad38458ddc1203d3ccaf71ae397d9b85dad93",
  digest: "774b21520b959c0bf06788f414a53820eb03532c1707b3ef9052fe93fde22134",
  "email-monitor": "12169ecc3a6ca045dc7e0c5dc94b1a8a46941fcb240e42ac253daa1e36bfc326",
  "morning-brief": "0003aa1cdbe1b7e2a453664944b8f6f0bc8f3493209f99efca5e8cd3c0ba0cc6",
  "opportunity-scanner": "62b17ed4f3b2f66dd0089a7cae67b428733fea6665d2fd0a3b391282fabeb57e",
  organizer: "0ef5f2af86268176abff190395248ee359acc7732bde54f77ccf3603e5130dae",
};
