/** How many bytes a payload takes as JSON in UTF-8; 0 where it cannot be JSON. Never throws. */
export function jsonBytes(value: object): number {
  try {
    return utf8Bytes(JSON.stringify(value));
  } catch {
    return 0;
  }
}

/** How many bytes a text takes inside JSON, in UTF-8: quotes and backslashes are escaped. */
export function jsonStringBytes(text: string): number {
  return utf8Bytes(JSON.stringify(text));
}

/** How many bytes a text takes in UTF-8. */
export function utf8Bytes(text: string): number {
  return Buffer.byteLength(text);
}
