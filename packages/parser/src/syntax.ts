/**
 * The grammar in the EBNF of the W3C's XML recommendation. The automaton, this text and the
 * pattern below are proven equal by the tests, and the railroad diagrams are drawn from it.
 */
export const ebnf = `configuration ::= space? group (space group)* space?
group         ::= chain ":" capacity
chain         ::= "*" | name (">" name)* (">" "*")?
name          ::= [A-Za-z0-9_]+
capacity      ::= [1-9] [0-9]*
space         ::= [ #x9#xA#xD]+
`;

const chain = "(?:\\*|[A-Za-z0-9_]+(?:>[A-Za-z0-9_]+)*(?:>\\*)?)";
const group = `${chain}:[1-9][0-9]*`;

/** The grammar as the `pattern` of a JSON Schema, for tools that check files without this parser. Limits of size are apart. */
export const jsonSchemaPattern = `^[ \\t\\r\\n]*${group}(?:[ \\t\\r\\n]+${group})*[ \\t\\r\\n]*$`;
