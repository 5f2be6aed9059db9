/** A regular expression as data. */
export type Expression =
  | { readonly kind: "set"; readonly has: (code: number) => boolean }
  | { readonly kind: "sequence"; readonly parts: readonly Expression[] }
  | { readonly kind: "choice"; readonly parts: readonly Expression[] }
  | {
      readonly kind: "repeat";
      readonly of: Expression;
      readonly least: 0 | 1;
      readonly most: number;
    };

/** An automaton that reads one character at a time; states are anything that has a key. */
export interface Machine<S> {
  readonly start: S;
  readonly key: (state: S) => string;
  /** The next state, or `undefined` where nothing is accepted any more. */
  readonly step: (state: S, character: string) => S | undefined;
  readonly accepts: (state: S) => boolean;
}

interface Node {
  readonly id: number;
  readonly free: Node[];
  readonly by: { readonly has: (code: number) => boolean; readonly to: Node }[];
}

/** The subset construction, made as it is walked. */
export function machineOf(expression: Expression): Machine<readonly Node[]> {
  let count = 0;
  const node = (): Node => ({ id: count++, free: [], by: [] });
  const build = (part: Expression, from: Node): Node => {
    if (part.kind === "set") {
      const to = node();
      from.by.push({ has: part.has, to });
      return to;
    }
    if (part.kind === "sequence") return part.parts.reduce((at, next) => build(next, at), from);
    const end = node();
    if (part.kind === "choice") {
      for (const choice of part.parts) {
        const start = node();
        from.free.push(start);
        build(choice, start).free.push(end);
      }
      return end;
    }
    const start = node();
    from.free.push(start);
    const last = build(part.of, start);
    last.free.push(end);
    if (part.most > 1) last.free.push(start);
    if (part.least === 0) from.free.push(end);
    return end;
  };
  const first = node();
  const final = build(expression, first);
  const close = (nodes: readonly Node[]): readonly Node[] => {
    const all = new Set(nodes);
    for (const each of all) for (const next of each.free) all.add(next);
    return [...all].sort((a, b) => a.id - b.id);
  };
  return {
    start: close([first]),
    key: (state) => state.map(({ id }) => id).join(" "),
    step: (state, character) => {
      const code = character.charCodeAt(0);
      const to = state.flatMap(({ by }) => by.filter(({ has }) => has(code)).map((b) => b.to));
      return to.length === 0 ? undefined : close(to);
    },
    accepts: (state) => state.includes(final),
  };
}

/** The shortest text over an alphabet that one machine accepts and the other refuses, or `undefined` where they are equal. */
export function difference<A, B>(
  a: Machine<A>,
  b: Machine<B>,
  alphabet: readonly string[],
): string | undefined {
  const open: { a: A | undefined; b: B | undefined; text: string }[] = [
    { a: a.start, b: b.start, text: "" },
  ];
  const seen = new Set<string>();
  for (const at of open) {
    const inA = at.a !== undefined && a.accepts(at.a);
    const inB = at.b !== undefined && b.accepts(at.b);
    if (inA !== inB) return at.text;
    for (const character of alphabet) {
      const next = {
        a: at.a === undefined ? undefined : a.step(at.a, character),
        b: at.b === undefined ? undefined : b.step(at.b, character),
        text: at.text + character,
      };
      const keyA = next.a === undefined ? "none" : a.key(next.a);
      const keyB = next.b === undefined ? "none" : b.key(next.b);
      if (seen.has(`${keyA}/${keyB}`)) continue;
      seen.add(`${keyA}/${keyB}`);
      open.push(next);
    }
  }
  return undefined;
}
