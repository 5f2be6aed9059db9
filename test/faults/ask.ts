import { request } from "node:http";

/**
 * Asks a server for JSON, each time on a connection of its own: one that is kept may be closed by
 * the server in the moment in which it is used again. Rejects where the answer is a problem.
 */
export function ask(url: string, method = "GET", body?: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, agent: false }, async (response) => {
      try {
        const text = Buffer.concat(await response.toArray()).toString("utf8");
        const { statusCode = 0 } = response;
        if (statusCode < 400) resolve(JSON.parse(text));
        else reject(new Error(`${url}: ${statusCode} ${text}`));
      } catch (error) {
        reject(error);
      }
    });
    asked.on("error", reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
