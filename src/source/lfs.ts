const POINTER = Buffer.from("version https://git-lfs.github.com/spec/v1\n");

/** Whether the bytes are a Git LFS pointer in place of the file. Source: Git LFS, "Git LFS Specification", the pointer: below 1024 bytes, version first. */
export function isLfsPointer(bytes: Uint8Array): boolean {
  return bytes.length < 1024 && bytes.length >= POINTER.length && POINTER.equals(bytes.subarray(0, POINTER.length));
}
