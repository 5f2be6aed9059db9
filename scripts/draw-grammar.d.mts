/** The drawing of each rule of a grammar, as SVG, by the rule's name. */
export function drawings(grammar: string): Map<string, string>;

/** Writes the drawings of the parser's grammar into docs/language/. */
export function drawGrammar(): Promise<void>;
