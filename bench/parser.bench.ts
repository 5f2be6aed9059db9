import { execFileSync } from "node:child_process";
import { performance } from "node:perf_hooks";
import { accepts, check, liftedLimits, parse, read } from "@workloops/parser";
import { CstParser, createToken, Lexer, type TokenType } from "chevrotain";
import { type Row, row } from "./measure.ts";

const value = "fast_lane:1 manual>*:4";

/** The same grammar without a tree, recovery or rules: what chevrotain itself costs. */
const Space = createToken({ name: "Space", pattern: /[ \t\r\n]+/, line_breaks: true });
const Word = createToken({ name: "Word", pattern: /[A-Za-z0-9_]+/ });
const Star = createToken({ name: "Star", pattern: /\*/ });
const Arrow = createToken({ name: "Arrow", pattern: />/ });
const Colon = createToken({ name: "Colon", pattern: /:/ });
const tokens: TokenType[] = [Word, Colon, Space, Arrow, Star];
const lexer = new Lexer(tokens, { positionTracking: "onlyOffset", ensureOptimizations: true });

class Bare extends CstParser {
  constructor() {
    super(tokens, { maxLookahead: 1 });
    this.performSelfAnalysis();
  }
  readonly configuration = this.RULE("configuration", () => {
    this.OPTION(() => this.CONSUME(Space));
    this.OPTION2(() => {
      this.SUBRULE(this.group);
      this.MANY(() => {
        this.CONSUME2(Space);
        this.OPTION3(() => this.SUBRULE2(this.group));
      });
    });
  });
  readonly group = this.RULE("group", () => {
    this.SUBRULE(this.chain);
    this.CONSUME(Colon);
    this.CONSUME(Word);
  });
  readonly chain = this.RULE("chain", () => {
    this.SUBRULE(this.queue);
    this.MANY(() => {
      this.CONSUME(Arrow);
      this.SUBRULE2(this.queue);
    });
  });
  readonly queue = this.RULE("queue", () => {
    this.OR([{ ALT: () => this.CONSUME(Word) }, { ALT: () => this.CONSUME(Star) }]);
  });
}

const bare = new Bare();

function bareParse(text: string): unknown {
  bare.input = lexer.tokenize(text).tokens;
  return bare.configuration();
}

const rounds = 40;
const callsInRound = 5_000;

/** Microseconds a call, one sample a round, the works in turn so that they share the machine's moods. */
function inTurn(works: readonly (() => unknown)[]): number[][] {
  const samples = works.map((): number[] => []);
  for (let round = -5; round < rounds; round += 1) {
    works.forEach((work, i) => {
      const start = performance.now();
      for (let call = 0; call < callsInRound; call += 1) work();
      const micros = ((performance.now() - start) / callsInRound) * 1_000;
      if (round >= 0) samples[i]?.push(micros);
    });
  }
  return samples;
}

function ratios(a: readonly number[], b: readonly number[]): number[] {
  return a.map((x, i) => x / (b[i] ?? Number.NaN));
}

function ofOneValue(): Row[] {
  const rulesAlone = () => check(parse(value).tree, {});
  const [scan = [], lex = [], cst = [], tree = [], whole = [], all = []] = inTurn([
    () => accepts(value),
    () => lexer.tokenize(value),
    () => bareParse(value),
    () => read(value),
    () => parse(value),
    rulesAlone,
  ]);
  const rules = all.map((time, i) => (time - (tree[i] ?? 0)) / (tree[i] ?? Number.NaN));
  return [
    row("one value: automaton, no tree", "µs", scan),
    row("one value: chevrotain lexer alone", "µs", lex),
    row("one value: bare chevrotain CST", "µs", cst),
    row("one value: tree and errors", "µs", tree),
    row("one value: parse, with the rules that need no settings", "µs", whole),
    row("one value: parse and check, all rules", "µs", all),
    row("tree and errors / bare CST", "x", ratios(tree, cst), atMost(2)),
    row("all rules / tree and errors", "x", rules, atMost(1)),
  ];
}

const atMost = (limit: number) => ({ value: limit, sense: "at most", of: "median" }) as const;

/** A text of groups, of at least so many UTF-16 units. */
function groupsOf(units: number): string {
  let text = "";
  for (let i = 0; text.length < units; i += 1) text += `queue_${i}>manual>*:${(i % 9) + 1} `;
  return text;
}

function ofLargeTexts(): Row[] {
  const small = groupsOf(100_000);
  const large = groupsOf(1_000_000);
  const time = (text: string) => {
    const start = performance.now();
    parse(text, liftedLimits);
    return performance.now() - start;
  };
  const once: number[] = [];
  const tenth: number[] = [];
  for (let i = -3; i < 15; i += 1) {
    // The mean of ten small texts has its share of collected garbage, as the large one has.
    const little = Array.from({ length: 10 }, () => time(small));
    const much = time(large);
    if (i < 0) continue;
    once.push(much);
    tenth.push(little.reduce((sum, each) => sum + each, 0) / little.length);
  }
  // Whatever else the machine does only adds, so that the fastest of each tell of growth alone.
  const growth = Math.min(...once) / Math.min(...tenth);
  return [
    row("1 MB of groups: parse", "ms", once),
    row("1 MB of groups: time / time of 100 KB, fastest of 15", "x", [growth], atMost(12)),
  ];
}

/**
 * MiB that live when a parse ends, its tokens included: each parser holds its input until the
 * next one, and nothing is let go before the end, so this is the peak of what cannot be collected.
 */
function heldBy(run: (text: string) => unknown, text: string): number {
  run("*:1");
  collect();
  const before = process.memoryUsage().heapUsed;
  const kept = run(text);
  collect();
  const held = process.memoryUsage().heapUsed - before;
  return kept === undefined ? Number.NaN : held / 1024 / 1024;
}

function collect(): void {
  if (globalThis.gc === undefined) throw new Error("The figures of memory need --expose-gc.");
  globalThis.gc();
  globalThis.gc();
}

function ofMemory(): Row[] {
  const text = groupsOf(1_000_000);
  const samples = Array.from({ length: 5 }, () => ({
    cst: heldBy(bareParse, text),
    ours: heldBy((t) => parse(t, liftedLimits), text),
  }));
  const cst = samples.map((sample) => sample.cst);
  const ours = samples.map((sample) => sample.ours);
  return [
    row("1 MB of groups: peak heap, bare CST", "MiB", cst),
    row("1 MB of groups: peak heap, parse", "MiB", ours),
    row("peak heap, parse / bare CST", "x", ratios(ours, cst), atMost(1.5)),
  ];
}

/** Milliseconds to import a module in a Node of its own. */
function importing(specifier: string): number {
  const script = `const start = performance.now();
    await import(${JSON.stringify(specifier)});
    console.log(performance.now() - start);`;
  const flags = ["--no-warnings", "--input-type=module", "-e", script];
  return Number(execFileSync(process.execPath, flags, { encoding: "utf8" }));
}

function ofImport(): Row[] {
  const theirs: number[] = [];
  const ours: number[] = [];
  for (let i = -2; i < 15; i += 1) {
    const a = importing("chevrotain");
    const b = importing("@workloops/parser");
    if (i < 0) continue;
    theirs.push(a);
    ours.push(b);
  }
  const more = ours.map((time, i) => time - (theirs[i] ?? Number.NaN));
  const limit = { value: 25, sense: "at most", of: "median" } as const;
  return [
    row("import of chevrotain", "ms", theirs),
    row("import of the parser, until ready", "ms", ours),
    row("import of the parser, above chevrotain's", "ms", more, limit),
  ];
}

export async function bench(): Promise<Row[]> {
  return [...ofOneValue(), ...ofLargeTexts(), ...ofMemory(), ...ofImport()];
}
