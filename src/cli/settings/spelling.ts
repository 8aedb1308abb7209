/** "dataDir" -> "--data-dir" */
export function flagOf(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** "dataDir" -> "PLUMB_DATA_DIR" */
export function variableOf(name: string): string {
  return `PLUMB_${flagOf(name).slice(2).replaceAll("-", "_").toUpperCase()}`;
}
