/** Part of the key under which compiled jobs are kept: goes up with each change of what is made. */
export const compilerVersion = "1";
