// Four words by which a person sees that page and terminal belong together. The list is our own: 256 short, plain words, no two alike.

import { randomInt } from "node:crypto";

export const words: readonly string[] = `
acorn actor album amber anchor angle ankle apple apron arch arrow aspen
atlas attic autumn badge baker bamboo banjo barley basin basket beacon
berry birch bishop blanket blossom boat bonfire bottle branch bread breeze brick
bridge broom brush bucket button cabin cactus camel candle canoe canyon
captain carpet carrot castle cedar cello chalk cherry chimney circus clay cliff
clover coast cobalt coconut comet compass copper coral cotton cousin cradle crater
cricket crown crystal curtain daisy dancer desert diary dolphin donkey dragon drum
dune eagle easel echo elbow ember engine falcon farmer feather fern fiddle
finch flame flute forest fossil fountain fox frost galaxy garden garlic gate
ginger giraffe glacier glove goose grape gravel guitar hammer harbor harvest
hazel hedge helmet heron hill honey horizon hotel island ivory jacket
jaguar jasmine jelly jewel jungle kayak kettle kitchen kite koala ladder lagoon
lantern laurel lemon lentil library lilac lion lizard lobster lotus magnet mango
maple marble market meadow melon mirror mitten monkey mosaic moss motor mountain
museum nectar needle nephew nest nickel noodle notebook nutmeg oasis ocean olive
onion opera orbit orchard organ otter owl oyster paddle palace panda paper
parrot peach pebble pencil pepper piano pigeon pillow pilot planet plum pocket
poem pony poplar pottery puddle pumpkin puzzle quartz quilt rabbit raft rain
raven ribbon river robin rocket saddle salmon sandal scarf school shadow shell
silver sister sketch soup sparrow spider spoon squirrel statue summer swan teapot
temple thunder ticket tiger timber tomato tower trumpet tulip tunnel turtle umbrella
valley vase velvet village violin walnut willow window
`
  .trim()
  .split(/\s+/);

/** Four different words: 2^32 ways, nearly. */
export function drawWords(): readonly string[] {
  const drawn = new Set<string>();
  while (drawn.size < 4) drawn.add(words[randomInt(words.length)] as string);
  return [...drawn];
}
