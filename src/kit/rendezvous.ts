/**
 * The one of `ids` that a key falls to: the one whose hash with the key is the highest. Everybody who knows the same ids finds the same one,
 * keys spread evenly, and when one id comes or goes only its own share moves. Undefined where there are none.
 * Source: Thaler and Ravishankar, "Using name-based mappings to increase hit rates" (rendezvous hashing).
 */
export function rendezvous(key: string, ids: Iterable<string>): string | undefined {
  const hashed = hash(key);
  let best: string | undefined;
  let most = -1;
  for (const id of ids) {
    const weight = mix(hashed ^ mix(hash(id)));
    const wins = weight > most || (weight === most && best !== undefined && id > best);
    if (wins) [best, most] = [id, weight];
  }
  return best;
}

/** FNV-1a over code units, 32 bits. Every process must find the same: never change it without a change of what the replicas say to one another. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value;
}

/** The last step of MurmurHash3: each bit of the answer depends on each of the question. */
function mix(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
