import { EmbeddedActionsParser, type IToken } from "chevrotain";
import type { Capacity, Group, Queue } from "./ast.ts";
import { buildCapacity, buildGroup, buildQueue, endOf, type Source } from "./build.ts";
import { defaultLimits } from "./limits.ts";
import { Arrow, Colon, OddSpace, Space, Star, tokens, Unknown, Word } from "./tokens.ts";

/** What the grammar finds: the groups, and the white space that should not be there. */
export interface Parsed {
  readonly groups: Group[];
  readonly oddSpaces: IToken[];
}

interface ParsedChain {
  readonly queues: readonly Queue[];
  /** Names and arrows take turns, and a name stands at both ends. */
  readonly orderly: boolean;
  readonly end: number;
}

interface ParsedCapacity {
  readonly capacity: Capacity | undefined;
  readonly end: number;
}

/**
 * The grammar is total: whatever the tokens, one path through it matches, so that nothing is
 * skipped, invented or thrown, and the groups around a broken one survive. What has no place
 * in a group is its rest, which ends at the next white space.
 */
export class Grammar extends EmbeddedActionsParser {
  source: Source = { text: "", limits: defaultLimits };

  /** The tests validate the grammar; a user need not wait for it. */
  constructor(skipValidations = true) {
    super(tokens, { maxLookahead: 1, skipValidations });
    this.performSelfAnalysis();
  }

  readonly configuration = this.RULE("configuration", (): Parsed => {
    const groups: Group[] = [];
    const oddSpaces: IToken[] = [];
    this.MANY(() => {
      this.OR([
        { ALT: () => groups.push(this.SUBRULE(this.group)) },
        { ALT: () => this.CONSUME(Space) },
        { ALT: () => oddSpaces.push(this.CONSUME(OddSpace)) },
      ]);
    });
    return { groups, oddSpaces };
  });

  private readonly group = this.RULE("group", (): Group => {
    const start = this.LA(1).startOffset;
    let chain: ParsedChain | undefined;
    let capacity: ParsedCapacity | undefined;
    let rest: IToken | undefined;
    this.OR([
      {
        ALT: () => {
          chain = this.SUBRULE(this.chain);
          this.OPTION(() => {
            capacity = this.SUBRULE(this.capacity);
          });
        },
      },
      {
        ALT: () => {
          capacity = this.SUBRULE2(this.capacity);
        },
      },
      {
        ALT: () => {
          rest = this.CONSUME(Unknown);
        },
      },
    ]);
    this.MANY(() => {
      rest = this.SUBRULE(this.rest);
    });
    return this.ACTION(() => {
      const end = rest === undefined ? (capacity?.end ?? chain?.end ?? start) : endOf(rest);
      const sound = rest === undefined && chain?.orderly === true;
      return buildGroup(
        { start, end },
        chain?.queues ?? [],
        capacity?.capacity,
        sound,
        this.source,
      );
    });
  });

  private readonly chain = this.RULE("chain", (): ParsedChain => {
    const queues: Queue[] = [];
    let arrowsTurn = false;
    let orderly = true;
    let end = 0;
    this.AT_LEAST_ONE(() => {
      const token = this.OR([
        { ALT: () => this.CONSUME(Word) },
        { ALT: () => this.CONSUME(Arrow) },
        { ALT: () => this.CONSUME(Star) },
      ]);
      this.ACTION(() => {
        const isArrow = token.tokenType === Arrow;
        if (isArrow !== arrowsTurn) orderly = false;
        arrowsTurn = !isArrow;
        if (!isArrow) queues.push(buildQueue(token));
        end = endOf(token);
      });
    });
    // An array that has grown keeps room for many more; the tree outlives the parse by far.
    return { queues: queues.slice(), orderly: orderly && arrowsTurn, end };
  });

  private readonly capacity = this.RULE("capacity", (): ParsedCapacity => {
    const colon = this.CONSUME(Colon);
    let count: IToken | undefined;
    this.OPTION(() => {
      count = this.CONSUME(Word);
    });
    return this.ACTION(() => ({
      capacity: count === undefined ? undefined : buildCapacity(count, this.source.limits),
      end: endOf(count ?? colon),
    }));
  });

  private readonly rest = this.RULE("rest", () =>
    this.OR([
      { ALT: () => this.CONSUME(Unknown) },
      { ALT: () => this.CONSUME(Word) },
      { ALT: () => this.CONSUME(Colon) },
      { ALT: () => this.CONSUME(Arrow) },
      { ALT: () => this.CONSUME(Star) },
    ]),
  );
}

const grammar = new Grammar();

/** Runs the grammar over tokens. One instance serves every call: chevrotain resets it by its input. */
export function runGrammar(input: IToken[], source: Source): Parsed {
  grammar.source = source;
  grammar.input = input;
  const parsed = grammar.configuration();
  // The instance lives on, and would hold the tokens until the next call.
  input.length = 0;
  const [error] = grammar.errors;
  if (error !== undefined) throw new Error(`The grammar is not total: ${error.message}`);
  return parsed;
}
