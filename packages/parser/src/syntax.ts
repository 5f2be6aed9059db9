/**
 * The grammar in EBNF (ISO 14977 with character ranges as in W3C's). The automaton, this text
 * and the pattern below are proven equal by the tests, and the railroad diagrams are drawn from it.
 */
export const ebnf = `configuration = [ space ], group, { space, group }, [ space ] ;
group         = chain, ":", capacity ;
chain         = "*" | name, { ">", name }, [ ">", "*" ] ;
name          = character, { character } ;
capacity      = nonzero, { digit } ;
character     = letter | digit | "_" ;
letter        = [A-Z] | [a-z] ;
digit         = "0" | nonzero ;
nonzero       = [1-9] ;
space         = blank, { blank } ;
blank         = " " | "\\t" | "\\r" | "\\n" ;
`;

const chain = "(?:\\*|[A-Za-z0-9_]+(?:>[A-Za-z0-9_]+)*(?:>\\*)?)";
const group = `${chain}:[1-9][0-9]*`;

/** The grammar as the `pattern` of a JSON Schema, for tools that check files without this parser. */
export const jsonSchemaPattern = `^[ \\t\\r\\n]*${group}(?:[ \\t\\r\\n]+${group})*[ \\t\\r\\n]*$`;
