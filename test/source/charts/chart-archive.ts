import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";

/** A chart as `helm package` makes one, with the same bytes each time. */
export function chartArchive(name: string, version: string, note = "", template = "a: 1\n"): Buffer {
  const chart = `apiVersion: v2\nname: ${name}\nversion: ${version}\ndescription: ${note}\n`;
  return tarGzip({ [`${name}/Chart.yaml`]: chart, [`${name}/templates/a.yaml`]: template });
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

export function tarGzip(files: { readonly [path: string]: string | Uint8Array }): Buffer {
  const blocks = Object.entries(files).flatMap(([path, text]) => {
    const body = typeof text === "string" ? Buffer.from(text) : text;
    return [tarHeader(path, body.length), body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

/** Source: POSIX, pax, "ustar Interchange Format". */
function tarHeader(path: string, size: number): Buffer {
  const header = Buffer.alloc(512);
  const fields = [
    [0, path],
    [100, "0000644\0"],
    [108, "0000000\0"],
    [116, "0000000\0"],
    [124, `${size.toString(8).padStart(11, "0")}\0`],
    [136, "00000000000\0"],
    [148, "        "],
    [156, "0"],
    [257, "ustar\0" + "00"],
  ] as const;
  for (const [offset, text] of fields) header.write(text, offset, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return header;
}
