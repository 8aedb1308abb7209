// Runs on any Node, before everything else: says in one line what is wrong where the right Node is not there.
const major = Number(process.versions.node.split(".")[0]);
if (major < 24) {
  process.stderr.write(
    `plumbline needs Node 24 and this is ${process.version}.\n` +
      "  next: `npm ci` brings Node 24 with it (the npm package `node`) and npm scripts then use it; where its binary\n" +
      "        cannot run (musl, an unusual processor), install Node 24 yourself and put it on the PATH.\n",
  );
  process.exit(2);
}
