// Mutants that no world can find, and branches that none can take, each with the reason. What is
// written down here and found all the same fails `npm run mutants`.
export const equivalent = [
  {
    reason:
      "how many late claims are remembered is memory alone and shows nowhere outside the process: test/worker/core/bounds.test.ts holds it",
    sites: ["condition core/channel.ts withoutOldestLate: request.late"],
  },
];
