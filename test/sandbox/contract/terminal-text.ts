/** What kubectl prints, less ages, times, addresses and the widths of columns that follow from them; line by line. */
export function normaliseText(text: string): string[] {
  return text.trimEnd().split("\n").map(normaliseLine);
}

const REPLACED: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "<time>"],
  [/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ [+-]\d{4}/g, "<time>"],
  // kubectl diff and edit put their files into folders of random names.
  [/\/tmp\/(LIVE|MERGED)-\d+/g, "/tmp/$1"],
  [/\/tmp\/kubectl-edit-\d+/g, "/tmp/kubectl-edit"],
  [/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, "<time>"],
  [/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "<uid>"],
  [/\b10\.\d+\.\d+\.\d+\b/g, "<address>"],
  [/(resourceVersion: )"\d+"/g, '$1"<version>"'],
  // A ReplicaSet's hash and a Pod's name are of the alphabet of generated names.
  [/-[bcdf-hj-np-tv-z2456789]{8,10}-[bcdf-hj-np-tv-z2456789]{5}\b/g, "-<hash>-<generated>"],
  [/-[bcdf-hj-np-tv-z2456789]{9,10}\b/g, "-<hash>"],
  [/(pod-template-hash[=:] ?)[bcdf-hj-np-tv-z2456789]{8,10}\b/g, "$1<hash>"],
  [/(?<=\s)\d+(ms|s|m|h)(\d+s)?(?=\s|$)/g, "<age>"],
  [/(?<=\S) {2,}/g, "  "],
];

function normaliseLine(line: string): string {
  return REPLACED.reduce((kept, [pattern, placeholder]) => kept.replaceAll(pattern, placeholder), line.trimEnd());
}
