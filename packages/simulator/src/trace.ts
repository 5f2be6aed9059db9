import type { Fact } from "./world/fact.ts";

/** A fact as one line for people: who, what, and about which run. */
function say(fact: Fact): string {
  switch (fact.type) {
    case "sent":
      return `worker  sends    ${sayFrame(fact)}`;
    case "taken":
      return `server  takes    ${sayFrame(fact)}`;
    case "read":
      return `worker  reads    ${sayFrame(fact)}`;
    case "vanished":
      return `network loses    ${sayFrame(fact)}`;
    case "opening":
    case "opened":
    case "closing":
      return `network ${fact.type}  socket ${fact.socket}`;
    case "closed":
      return `network closed   socket ${fact.socket}: ${fact.reason}`;
    case "queued":
      return `server  queues   ${short(fact.run)} in ${fact.queue}`;
    case "granted":
      return `server  grants   ${fact.runs.map(short).join(" ")} to ${fact.chain}`;
    case "released":
    case "lost-by-janitor":
      return `server  ${fact.type} ${fact.runs.map(short).join(" ")}`;
    case "execute":
      return `engine  executes ${short(fact.run)} for ${fact.lane}`;
    case "engine":
      return `engine  says     ${fact.event.type} of ${short(fact.run)}`;
    case "engine-ended":
      return `engine  ended    ${short(fact.run)}`;
    case "journal":
      return `journal holds    ${fact.entry.type} ${short(fact.entry.run)}`;
    case "log":
      return `worker  says     ${fact.level}: ${shortened(fact.message)}`;
    case "fault":
      return `FAULT   row ${fact.row}: ${shortened(fact.detail)}`;
    default:
      return `world   ${shortened(JSON.stringify(fact))}`;
  }
}

function sayFrame({ socket, frame }: Extract<Fact, { readonly socket: number; frame: unknown }>) {
  const { ref, topic, event, payload } = frame;
  const text = payload === undefined ? "" : JSON.stringify(payload);
  return shortened(`[${socket}] #${ref ?? "-"} ${topic} ${event} ${text.slice(0, 160)}`);
}

/** Runs are counted in a world: the last digits of an id are enough. */
function short(id: string): string {
  return id.replace(/^[01]0000000-0000-4000-8000-0{0,8}/, "r");
}

function shortened(text: string): string {
  return text.replace(/[01]0000000-0000-4000-8000-0{0,8}/g, "r");
}

/** A line of a history: when, in milliseconds of the world, and what. */
export function line(atMs: number, fact: Fact): string {
  return `${atMs.toFixed(3).padStart(12)}  ${say(fact)}`;
}
