/** Whether a value is what a type says: for readers, whose promise is the type of what they let through. */
export type Shape = (value: unknown) => boolean;

export const text: Shape = (value) => typeof value === "string";
export const number: Shape = (value) => typeof value === "number" && Number.isFinite(value);
export const truth: Shape = (value) => typeof value === "boolean";
export const anything: Shape = () => true;
export const nothing: Shape = (value) => value === null;
export const bytes: Shape = (value) => value instanceof Uint8Array;

export const oneOf =
  (...words: readonly unknown[]): Shape =>
  (value) =>
    words.includes(value);

export const either =
  (...shapes: readonly Shape[]): Shape =>
  (value) =>
    shapes.some((shape) => shape(value));

export const optional = (shape: Shape): Shape => either((value) => value === undefined, shape);

export const list =
  (item: Shape): Shape =>
  (value) =>
    Array.isArray(value) && value.every(item);

/** An object of any fields, each with a value of this shape. */
export const each =
  (item: Shape): Shape =>
  (value) =>
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every(item);

/** An object with these fields; it may have others. */
export const fields =
  (shapes: Readonly<Record<string, Shape>>): Shape =>
  (value) =>
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(shapes).every(([name, shape]) =>
      shape(Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined),
    );
