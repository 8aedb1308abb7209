const MIB = 2 ** 20;

/** Helm's own limit for what an archive may unpack to is 100 MiB, and text shrinks to a fifth: larger archives carry no chart. */
export const MAX_ARCHIVE_BYTES = 20 * MIB;

/** The largest public indexes have some 20 MiB. The same holds for what a compressed one may unpack to. */
export const MAX_INDEX_BYTES = 64 * MIB;

/** A manifest names a handful of layers. */
export const MAX_MANIFEST_BYTES = MIB;

/** Of one page of tags, and of a token. */
export const MAX_PAGE_BYTES = 4 * MIB;

/** A registry that goes on for longer than this does not end at all. */
export const MAX_TAG_PAGES = 1000;

/** On disk. At 50 kB a chart, ten thousand of them. */
export const MAX_CACHE_BYTES = 512 * MIB;

/** A dependency's repository has no application that polls it: what it said counts for this long. */
export const DEPENDENCY_FRESH_MS = 60_000;

/** And when it said nothing, it is not asked again before this. */
export const DEPENDENCY_RETRY_MS = 5_000;

/** A repository that only dependencies need is forgotten when none has asked for this long. */
export const DEPENDENCY_IDLE_MS = 3_600_000;
