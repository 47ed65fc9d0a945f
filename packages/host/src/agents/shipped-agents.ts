// Made by `npm run shipped-agents`. An agent whose file changed by one byte is none of these.

/** SHA-256 of the file of each agent that comes with mh. By these they are known, never by where they lie. */
export const shippedAgents: Readonly<Record<string, string>> = {
  "calendar-sync": "15d474127fc6bca1fdae524174dbffb133ddcbce14ef1f82f4dc5bf77a09f0da",
  curator: "9320743edf2d1de3422a33bb08d898c684fb693566858409b09ab014b2092382",
  digest: "98d0c54124cc7eb5e50269df23705e78772f9c120d4d441a8c90db00a9213623",
  "email-monitor": "0206975757b11ea2c67bd38b946bb98dfd2ce5aa3940027af38e8c4b0edaaab6",
  "morning-brief": "23bb3eaa0863bbabbdad7007d7e20076a1edd6ebcf9f9b207c3f7d1fc1371f08",
  "opportunity-scanner": "9276708f0d5de4a49beb6afb49a4e2575c5aae1bdb4d86e3ba7fe5d0e71ad646",
  organizer: "1c2c1adf667f89a52ceec9ac3083813a2cd55de2574c92451cfb851902d0e4b1",
  reflector: "3bcfc7025b7238c8f786502355a589fbf0c9735758bcca32b2acb2b752ea3863",
  "sleep-service": "c39044944ccb397add4f199e4ad3a2cba9b7822e3efaed3528b0fa8605c34ba9",
  transcriber: "0538d72f08bf5dcfce83ee173b0b870817e2d29fe5df50ca1751b0a5d458a1a9",
};
