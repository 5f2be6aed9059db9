import { expect, test } from "vitest";
import { becomesReady, type FaultSite, health, openFaultSite, quick } from "./fault-site.ts";
import { each, give, giveLimited, judged, judgedAtEnd } from "./judged.ts";
import { ofRun, strike } from "./watch.ts";

const credential = "11111111-2222-4333-8444-555555555555";

/** Posts the run whose work is in trouble, and makes the trouble. */
type Trouble = (site: FaultSite) => Promise<string>;

const posted = async (site: FaultSite, more: object = {}): Promise<string> => {
  const [id = ""] = await site.post([site.job("bad", "", { input: { data: 1 }, ...more })]);
  return id;
};

const refused =
  (event: string, kind = "event-refused", more: object = {}): Trouble =>
  async (site) => {
    const run_id = await posted(site);
    await site.fault({ kind, event, run_id, response: { reason: "no" }, times: 10, ...more });
    return run_id;
  };

/** The proxy lets no question of this kind through. */
const unanswered =
  (event: string, more?: (site: FaultSite) => Promise<string>): Trouble =>
  async (site) => {
    const id = await (more ?? posted)(site);
    const asked = ofRun(event);
    strike(site.proxy, (message) => asked(message) && message.topic === `run:${id}`, "drop", 100);
    return id;
  };

const withCredential = async (site: FaultSite, body: unknown): Promise<string> => {
  const job = { ...site.job("bad"), credential_id: credential };
  const [id = ""] = await site.post([
    { plan: { jobs: [job] }, credentials: { [credential]: body } },
  ]);
  return id;
};

const troubles: readonly (readonly [row: number, string, Trouble, string])[] = [
  [11, "fetch:plan is refused", refused("fetch:plan"), "exception PlanError"],
  [11, "fetch:plan is not answered", unanswered("fetch:plan"), "exception PlanError"],
  [
    11,
    "fetch:plan is answered with something else",
    refused("fetch:plan", "event-answer", { response: { jobs: { length: 1e9 } } }),
    "exception PlanError",
  ],
  [
    11,
    "the answer to fetch:plan is too large for any frame",
    refused("fetch:plan", "event-padded", { bytes: 66_000_000 }),
    "exception PlanError",
  ],
  [12, "the dataclip is refused", refused("fetch:dataclip"), "exception DataClipError"],
  [12, "the dataclip never comes", unanswered("fetch:dataclip"), "exception DataClipError"],
  [
    12,
    "the credential is refused",
    (site) => withCredential(site, { $refused: "expired" }),
    "exception CredentialLoadError",
  ],
  [
    12,
    "the credential never comes",
    unanswered("fetch:credential", (site) => withCredential(site, { password: "x" })),
    "exception CredentialLoadError",
  ],
];

test.concurrent.for(troubles)(
  "fault %i: %s: that run ends with an exception and is not executed, and the process lives",
  async ([, what, trouble, end], { onTestFinished }) => {
    const site = await openFaultSite();
    onTestFinished(site.close);
    const bad = { bad: await trouble(site) };
    // Handed out with the first claims: a grant behind an answer that cuts the socket never arrives.
    const good = await give(site, ["beside"], "", { queue: "fast_lane" });
    // A server that makes an answer of 66 MB is busy for longer than the others need.
    const args = what.includes("too large") ? ["--message-timeout", "10"] : quick;
    const worker = await site.worker({ lanes: "fast_lane:1 *:1", args });
    expect(await judgedAtEnd(site, good)).toEqual(each(good, "success"));
    expect(await judgedAtEnd(site, bad)).toEqual(each(bad, end, 0));
    const next = await give(site, ["next 1", "next 2"]);
    expect(await judgedAtEnd(site, next)).toEqual(each(next, "success"));
    await becomesReady(worker);
  },
);

test.concurrent.for(["foreign", "expired", "malformed", "forged"])(
  "fault 16: a run whose token is %s is not executed and is named in the log; the others are executed, and the worker lives",
  async (token, { onTestFinished }) => {
    const site = await openFaultSite();
    onTestFinished(site.close);
    await site.fault({ kind: "claim-bad-tokens", token });
    const bad = await give(site, ["bad"]);
    const worker = await site.worker({ lanes: "*:1", checksTokens: true });
    await worker.said(new RegExp(`"run":"${bad["bad"]}".*The run's token is refused`));
    const good = await give(site, ["1", "2", "3"]);
    expect(await judgedAtEnd(site, good)).toEqual(each(good, "success"));
    expect(await judged(site, bad)).toEqual(each(bad, "claimed", 0));
    expect(await health(worker, "/livez")).toBe(200);
  },
);

test.concurrent("fault 28: among good runs of one claim, those with a hostile plan, a broken job, an input that is no JSON, no heap and no end cost nothing but themselves", async ({
  onTestFinished,
}) => {
  const site = await openFaultSite();
  onTestFinished(site.close);
  const good = await give(site, ["good 1", "good 2", "good 3"], "wait(500);");
  const [plan = "", syntax = "", input = ""] = await site.post([
    site.job("plan"),
    site.job("syntax", "fn((state) => "),
    site.job("input", "", { raw_input: "{ no" }),
  ]);
  await site.fault({ kind: "event-answer", event: "fetch:plan", run_id: plan, response: [1] });
  const heap = await giveLimited(site, "heap", "fillHeap();", { run_memory_limit_mb: 100 });
  const loop = await giveLimited(site, "loop", "block();", { run_timeout_ms: 10_000 });
  await site.worker({ lanes: "*:8" });
  expect(await judgedAtEnd(site, good)).toEqual(each(good, "success"));
  expect(await judgedAtEnd(site, { plan, syntax, input, ...heap, ...loop })).toEqual({
    violations: [],
    plan: ["exception PlanError", 0],
    syntax: ["crash CompileError", 0],
    input: ["exception DataClipError", 0],
    heap: ["kill OOMError", 1],
    loop: ["kill TimeoutError", 1],
  });
});
