/** The script of a worker thread, named by the URL of its source: the sources run as they are, and compiled, and the thread's has the ending of the module that starts it. */
export function threadScript(source: URL, startedBy: string): URL {
  return new URL(source.href.replace(/\.ts$/, startedBy.slice(startedBy.lastIndexOf("."))));
}
