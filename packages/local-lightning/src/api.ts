import type { IncomingMessage, ServerResponse } from "node:http";
import type { ControlPlane } from "./control-plane.ts";
import { getFaults, postFault } from "./http/faults-resource.ts";
import { isOurOwn } from "./http/origin.ts";
import { readUrl } from "./http/read-url.ts";
import { type Answer, problem, text } from "./http/respond.ts";
import { getRun, getRuns, postRetry, postRun } from "./http/runs-resource.ts";
import { getStatus, getViolations } from "./http/status-resource.ts";

/** One request, as a resource sees it. */
export interface ApiRequest {
  readonly plane: ControlPlane;
  readonly request: IncomingMessage;
  readonly url: URL;
  /** The run's id, where the path has one. */
  readonly id: string;
  /** Runs when the caller goes away before the answer. */
  readonly onGone: (act: () => void) => void;
}

type Resource = (request: ApiRequest) => Answer | Promise<Answer>;

interface Route {
  readonly method: "GET" | "POST";
  readonly path: RegExp;
  readonly resource: Resource;
}

const routes: readonly Route[] = [
  { method: "GET", path: /^\/$/, resource: () => text(200, "Local Lightning\n") },
  { method: "GET", path: /^\/health_check$/, resource: () => text(200, "ok\n") },
  { method: "POST", path: /^\/runs$/, resource: postRun },
  { method: "GET", path: /^\/runs$/, resource: getRuns },
  { method: "GET", path: /^\/runs\/([^/]+)$/, resource: getRun },
  { method: "POST", path: /^\/runs\/([^/]+)\/retry$/, resource: postRetry },
  { method: "POST", path: /^\/faults$/, resource: postFault },
  { method: "GET", path: /^\/faults$/, resource: getFaults },
  { method: "GET", path: /^\/status$/, resource: getStatus },
  { method: "GET", path: /^\/violations$/, resource: getViolations },
];

/** Answers the HTTP requests of a person, a test or a webhook's caller. */
export async function answerApi(
  plane: ControlPlane,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let answer: Answer;
  try {
    answer = await route(plane, request, response);
  } catch (error) {
    // A caller that goes away in the middle of its body, or JSON nested deeper than the stack.
    answer = problem(500, error instanceof Error ? error.message : "not an error");
  }
  if (response.destroyed) return;
  response.writeHead(answer.status, answer.headers);
  response.end(answer.body);
}

function route(
  plane: ControlPlane,
  request: IncomingMessage,
  response: ServerResponse,
): Answer | Promise<Answer> {
  if (!isOurOwn(request.headers))
    return problem(403, "only programs and pages of this machine are answered");
  const url = readUrl(request.url, "http://localhost");
  if (url === undefined) return problem(400, "the path cannot be read");
  const fitting = routes.filter(({ path }) => path.test(url.pathname));
  const found = fitting.find(({ method }) => method === request.method);
  if (found === undefined)
    return fitting.length > 0
      ? problem(405, `use ${fitting.map(({ method }) => method).join(" or ")}`)
      : problem(404, `nothing here; there are ${routes.map(nameOf).join(", ")}`);
  const id = found.path.exec(url.pathname)?.[1] ?? "";
  const onGone = (act: () => void): void => void response.once("close", act);
  return found.resource({ plane, request, url, id, onGone });
}

function nameOf({ method, path }: Route): string {
  return `${method} ${path.source.replace(/[\\^$]/g, "").replace("([/]+)", ":id")}`;
}
