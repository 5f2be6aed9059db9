import type { EventHandler } from "../run-event.ts";

/**
 * Always the run's input, whatever id is asked for. Where dataclips are not saved, the input is
 * wiped by being read: a second fetch gives `null`. Source: protocol page, section 4.5.
 */
export const fetchDataclip: EventHandler = ({ channel }) => {
  const { run } = channel;
  const id = run.plan.dataclip_id;
  const text = id === null ? null : (run.dataclips.get(id) ?? null);
  if (id !== null && !run.savesDataclips) run.dataclips.set(id, null);
  return { kind: "dataclip", text: text ?? "null" };
};
