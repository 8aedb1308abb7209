/** Of the names those that somebody may have meant, the likeliest first, three at most: little must be typed otherwise, or one holds the other. */
export function nearest(word: string, names: Iterable<string>): string[] {
  const most = Math.max(2, Math.floor(word.length / 3));
  return [...names]
    .map((name) => ({ name, distance: holds(name, word) ? 1 : distanceOf(word, name, most) }))
    .filter(({ distance }) => distance <= most)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}

function holds(name: string, word: string): boolean {
  return word.length >= 3 && (name.includes(word) || (name.length >= 3 && word.includes(name)));
}

/** Letters put in, taken out or replaced (Levenshtein); whatever is above `most` is only known to be above it. */
function distanceOf(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 0; i < one.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < other.length; j++) {
      const replaced = (row[j] ?? 0) + (one[i] === other[j] ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? most + 1;
}
