import { it } from "vitest";
import { calm, expectPictures } from "../picture.ts";

it.each([
  [
    "latest, and no tag",
    "compose.yaml",
    `
services:
  a:
    image: openfn/ws-worker:latest
           ^^^^^^^^^^^^^^^^^^^^^^^ image-unpinned
  b:
    image: openfn/ws-worker
           ^^^^^^^^^^^^^^^^ image-unpinned
  c:
    image: openfn/ws-worker@sha256:00
  d:
    image: redis
`,
  ],
])("%s", (_, path, picture) => expectPictures({ [path]: picture }, calm("image-unpinned")));
