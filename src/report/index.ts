/**
 * What happened, kept and shaped: the last status of every application, what drifted, since when and how it ended, the last events, and
 * the numbers for Prometheus.
 *
 * Promises: everything is bounded, and all but the syncs in memory alone. Of events the newest 10,000 are kept, and of one application at most 200
 * of these: its own oldest goes first, so that a noisy application never drives out what a quiet one had to say. Of episodes of drift
 * that ended the newest 2,000 are kept, and 50 of one application. Statuses and open drift are as many as the fleet has now. Lists are sorted by namespace and name and read in pages; a page's
 * token is a position and no snapshot: what comes or goes between two pages is seen or not, and nothing else is given
 * twice or left out. Events follow from the difference between two statuses, so nobody can forget to write one.
 *
 * The last 20 syncs of each application are kept in one file of SQLite below the data folder, and so outlast the process. Whatever becomes
 * of that file costs history only: what is no such file is begun anew, and what a disk does not take stays in memory.
 *
 * Refuses: to decide anything, to fetch anything, to read a clock of its own (`now` is given), and to name applications
 * in metric labels. It masks nothing: what comes in must hold no secret already (diff's boundary).
 *
 * In: ApplicationStatus values from the loop. Out: pages, events, metrics text, and short views for HTTP and terminal.
 */
export { DRIFT_ORDER } from "./drift-list.ts";
export { EVENT_ORDER } from "./event-log.ts";
export { createHistory, HISTORY_ORDER, type History, syncsNewestFirst } from "./history.ts";
export { type Said, saidSentences, short } from "./instruction-text.ts";
export { createMetrics } from "./metrics.ts";
export type { Metrics } from "./metrics-types.ts";
export { joinPages, type Paging, pageBy } from "./page.ts";
export type { PeerResult } from "./replica-metrics.ts";
export { createReportStore } from "./store.ts";
export type { SyncRecord } from "./sync-record.ts";
export type * from "./types.ts";
export { changedView, detailView, resourceView, summaryView } from "./views.ts";
export { timedSentence, untimedSentence } from "./waiting.ts";
