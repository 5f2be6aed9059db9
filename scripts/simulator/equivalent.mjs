export const equivalent = [];
