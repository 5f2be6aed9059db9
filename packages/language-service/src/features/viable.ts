/** Whether some text behind this beginning of a group makes it a valid group. */
export function canGrow(text: string): boolean {
  return /^(?:\w{1,64}>)*(?:(?:\w{1,64}|\*)?|(?:\w{1,64}|\*):(?:[1-9]\d{0,4})?)$/.test(text);
}
