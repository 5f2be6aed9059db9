import { it } from "vitest";
import { calm, expectPictures } from "../picture.ts";

it.each([
  [
    "no volume, another volume, the right one",
    "compose.yaml",
    `
services:
  a:
  ^ adaptors-not-kept
    image: openfn/ws-worker:v1.25.0
  b:
  ^ adaptors-not-kept
    image: openfn/ws-worker:v1.25.0
    environment:
      WORKER_REPO_DIR: /adaptors
    volumes: ["logs:/logs"]
  c:
    image: openfn/ws-worker:v1.25.0
    environment:
      WORKER_REPO_DIR: /data/adaptors
    volumes: ["data:/data"]
`,
  ],
])("%s", (_, path, picture) => expectPictures({ [path]: picture }, calm("adaptors-not-kept")));
