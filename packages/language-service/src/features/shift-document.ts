import type { Span } from "@workloops/parser";
import { type Document, openDocument } from "../document.ts";
import type { Trap } from "../hosts/host.ts";
import type { Given, Link, Process, Quantity } from "../process.ts";
import { applyWithin, type Edit, type Value } from "../region.ts";

/** What replaced the content of a value: `end` is where that content ended in the base. */
export interface Written {
  readonly end: number;
  readonly text: string;
}

/** Moves all that was read of `base` to where it stands in `text`, in which only values were rewritten. */
export function shiftDocument(
  base: Document,
  text: string,
  written: ReadonlyMap<number, Written>,
): Document {
  const move = mover(base, text, written);
  const processes = new Map(base.processes.map((process) => [process, moveProcess(process, move)]));
  return {
    ...base,
    text,
    regions: base.regions.map((region) => ({
      ...move.value(region),
      process: processes.get(region.process) ?? moveProcess(region.process, move),
    })),
    processes: base.processes.map((process) => processes.get(process) ?? process),
    traps: base.traps.map((trap) => moveTrap(trap, move)),
  };
}

interface Mover {
  readonly uri: string;
  readonly span: (span: Span) => Span;
  readonly edit: (edit: Edit) => Edit;
  readonly value: (value: Value) => Value;
}

function mover(base: Document, text: string, written: ReadonlyMap<number, Written>): Mover {
  const changes = [...written]
    .map(([start, { end, text }]) => ({ end, by: text.length - (end - start) }))
    .filter(({ by }) => by !== 0);
  const at = (offset: number) =>
    changes.reduce((sum, { end, by }) => (offset >= end ? sum + by : sum), offset);
  const span = ({ start, end }: Span): Span => ({ start: at(start), end: at(end) });
  const edit = (of: Edit): Edit => ({ ...of, span: span(of.span) });
  let fresh: Document | undefined;
  const reread = () => {
    fresh ??= openDocument(base.uri, text);
    return fresh;
  };
  const write = (value: Value) => (next: string) => {
    const before = value.write(next);
    if (before === undefined) return rewrite(reread(), at(value.content.start), next);
    const touched = [...written].some(
      ([start, { end }]) => before.span.start <= end && before.span.end >= start,
    );
    if (!touched) return edit(before);
    const inside = before.span.start >= value.span.start && before.span.end <= value.span.end;
    // A rewrite of more than the value itself repeats what stood around it: read that anew.
    if (!inside) return rewrite(reread(), at(value.content.start), next);
    return replaceWhole(value.span, base.text, before, span(value.span), text);
  };
  return {
    uri: base.uri,
    span,
    edit,
    value: (value) => {
      if (value.uri !== base.uri) return value;
      const own = written.get(value.content.start);
      const moved = {
        ...value,
        span: span(value.span),
        content: span(value.content),
        write: write(value),
      };
      if (own === undefined || own.end !== value.content.end) {
        const segments = value.segments.map((part) => ({ text: part.text, file: span(part.file) }));
        return { ...moved, segments };
      }
      const segment = { text: { start: 0, end: own.text.length }, file: moved.content };
      return { ...moved, text: own.text, segments: [segment] };
    },
  };
}

function rewrite(fresh: Document, start: number, next: string): Edit | undefined {
  const all = fresh.processes.flatMap(({ given }) => given.flatMap(({ value }) => value ?? []));
  return all.find(({ content }) => content.start === start)?.write(next);
}

/** What `before` makes of a span of the old text, as the smallest edit of the span's new content. */
function replaceWhole(old: Span, oldText: string, before: Edit, now: Span, text: string): Edit {
  const wanted = applyWithin(oldText, old, before);
  const present = text.slice(now.start, now.end);
  const most = Math.min(wanted.length, present.length);
  let head = 0;
  while (head < most && wanted[head] === present[head]) head += 1;
  let tail = 0;
  while (tail < most - head && wanted.at(-1 - tail) === present.at(-1 - tail)) tail += 1;
  return {
    span: { start: now.start + head, end: now.end - tail },
    text: wanted.slice(head, wanted.length - tail),
  };
}

function moveProcess(process: Process, move: Mover): Process {
  const here = <T extends { readonly uri: string; readonly span: Span }>(place: T): T =>
    place.uri === move.uri ? { ...place, span: move.span(place.span) } : place;
  const quantity = (of: Quantity | undefined) => of && here(of);
  return {
    ...here(process),
    image: process.image && move.value(process.image),
    given: process.given.map((given) => moveGiven(here(given), move)),
    links: process.links.map((link): Link => ({ ...link, span: move.span(link.span) })),
    memoryLimit: quantity(process.memoryLimit),
    stopGrace: quantity(process.stopGrace),
    replicas: quantity(process.replicas),
  };
}

function moveGiven(given: Given, move: Mover): Given {
  return {
    ...given,
    value: given.value && move.value(given.value),
    remove: given.remove && move.edit(given.remove),
  };
}

function moveTrap(trap: Trap, move: Mover): Trap {
  const fix = trap.fix && { ...trap.fix, edits: trap.fix.edits.map(move.edit) };
  return { ...trap, span: move.span(trap.span), fix };
}
