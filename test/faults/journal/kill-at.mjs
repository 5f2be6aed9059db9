// Loaded before the worker (`--import`). It looks at each operation on the worker's journal and
// ends its own process by SIGKILL at one of them, before or after it: no more of it is done, as
// where somebody kills it from outside. What was done goes to a file, for who asks afterwards.
//
// KILL_AT: `write started` or another operation, `any` for each. KILL_NUMBER: which of these, from
// 1 on. KILL_WHEN: `before` or `after`. KILL_FOLDER: the state dir. KILL_TRACE: that file.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { basename, dirname } from "node:path";

const { KILL_AT, KILL_NUMBER, KILL_WHEN, KILL_FOLDER, KILL_TRACE } = process.env;
const { closeSync, fdatasync, openSync, renameSync, writeSync } = fs;
const trace = openSync(KILL_TRACE, "a");
const journals = new Set();
let found = 0;

const isJournal = (path) =>
  dirname(path) === KILL_FOLDER && /^journal(-\d+)?(\.new)?$/.test(basename(path));

/** Begins an operation; who calls says when it is done. */
function begin(operation, run = "") {
  if (KILL_AT === "any" || KILL_AT === operation) found += 1;
  const isLast = found === Number(KILL_NUMBER);
  if (isLast) found += 1;
  if (isLast && KILL_WHEN === "before") process.kill(process.pid, "SIGKILL");
  return () => {
    writeSync(trace, `${operation} ${run}\n`);
    if (isLast) process.kill(process.pid, "SIGKILL");
  };
}

/** What is written: an entry of a run, or the spaces in the place of one that is over. */
function entryOf(bytes) {
  const [, type = "blank", run] = /"type":"(\w+)","run":"([^"]+)"/.exec(bytes.toString()) ?? [];
  return [`write ${type}`, run];
}

fs.openSync = (path, ...rest) => {
  const fd = openSync(path, ...rest);
  if (isJournal(String(path))) journals.add(fd);
  return fd;
};
fs.closeSync = (fd) => {
  journals.delete(fd);
  closeSync(fd);
};
fs.writeSync = (fd, bytes, ...rest) => {
  if (!journals.has(fd)) return writeSync(fd, bytes, ...rest);
  const done = begin(...entryOf(bytes));
  const written = writeSync(fd, bytes, ...rest);
  done();
  return written;
};
fs.fdatasync = (fd, callback) => {
  if (!journals.has(fd)) return fdatasync(fd, callback);
  const done = begin("sync");
  return fdatasync(fd, (error) => {
    done();
    callback(error);
  });
};
fs.renameSync = (from, to) => {
  if (!isJournal(String(to))) return renameSync(from, to);
  const done = begin("rename");
  renameSync(from, to);
  done();
};
syncBuiltinESMExports();
