import { randomInt } from "node:crypto";

const first =
  "amber brisk calm dapper eager fresh gentle happy ivory jolly keen lively mellow noble olive proud quiet rapid sunny tidy upbeat vivid warm young".split(
    " ",
  );
const second =
  "acorn birch cedar daisy elder fern ginger hazel iris jasmine kelp lotus maple nettle orchid poppy quince rose sage thyme tulip violet willow yarrow".split(
    " ",
  );
const third =
  "badger crane dove egret finch gecko heron ibis jackal kestrel lark marten newt otter puffin quail robin stork tern viper wren yak zebra lynx".split(
    " ",
  );

/** Three random words: how one process is told from the others in Lightning's log. */
export function workerId(): string {
  return [first, second, third].map((words) => words[randomInt(words.length)]).join("-");
}
