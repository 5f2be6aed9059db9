/** What Lightning answers to an event on a channel. */
export type Reply =
  | { readonly kind: "ok"; readonly response: unknown }
  | { readonly kind: "error"; readonly response: unknown }
  /** `fetch:dataclip`: JSON text, which travels in a binary frame. */
  | { readonly kind: "dataclip"; readonly text: string }
  /** The channel's process died: the client sees `phx_error`, and no reply. */
  | { readonly kind: "crash"; readonly why: string };

export const blank = "This field can't be blank.";
export const invalid = "is invalid";
export const taken = "has already been taken";

export const ok = (response: unknown): Reply => ({ kind: "ok", response });

/** A validation error: the field's name over its messages. Source: protocol page, section 4.12. */
export const refuse = (field: string, message: string): Reply => ({
  kind: "error",
  response: { [field]: [message] },
});

/** The few that Lightning wraps in `errors`. */
export const refuseWrapped = (field: string, message: string): Reply => ({
  kind: "error",
  response: { errors: { [field]: [message] } },
});

export const crash = (why: string): Reply => ({ kind: "crash", why });
