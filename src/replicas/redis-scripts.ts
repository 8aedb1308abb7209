/**
 * The board is one hash: a field a replica, and `:epoch`, which says since when this server has it without a gap. A server that was restarted, one that a failover
 * has made the master, and one that was emptied begin another epoch: what had been said may be missing there, or be older than what was said last. The id of a server's
 * history (`master_replid`) is another one after each restart and each failover. Time is the server's own, compared with its own alone.
 */
const EPOCH = `
local history = redis.call('INFO', 'replication')
if not string.find(history, 'role:master', 1, true) then
  return redis.error_reply('READONLY this Redis is no master')
end
local server = string.match(history, 'master_replid:(%x+)')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local epoch = redis.call('HGET', KEYS[1], ':epoch') or ''
local since = tonumber(string.match(epoch, '^' .. server .. ' (%d+)$') or '')
local lasts = since ~= nil and since <= now
`;

/**
 * KEYS: the board. ARGV: id, number of the post, text, the epoch that its poster knows or "", how long the board outlives its last post in milliseconds.
 * Answers ["posted", epoch], ["epoch", epoch] where it is another one than the poster knows (what is late is lost then), or ["late", number] of what stands there.
 */
export const POST = `${EPOCH}
local function numberOf(text)
  local digits = string.match(text or '', '^(%d+) ')
  return digits and #digits <= 15 and tonumber(digits) or 0
end
if not lasts then
  epoch = server .. ' ' .. string.format('%.0f', now)
  redis.call('HSET', KEYS[1], ':epoch', epoch)
end
redis.call('PEXPIRE', KEYS[1], ARGV[5])
if ARGV[4] ~= '' and ARGV[4] ~= epoch then return { 'epoch', epoch } end
local said = numberOf(redis.call('HGET', KEYS[1], ARGV[1]))
if said >= tonumber(ARGV[2]) then return { 'late', string.format('%.0f', said) } end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. ARGV[3])
return { 'posted', epoch }
`;

/** KEYS: the board. ARGV: how many fields it may have. Answers [epoch or "", its age in milliseconds, fields and their texts in turns]. */
export const READ = `${EPOCH}
if redis.call('HLEN', KEYS[1]) > tonumber(ARGV[1]) then
  return redis.error_reply('TOOMANY more stands on the board than there can be replicas')
end
if not lasts then return { '', 0, {} } end
return { epoch, now - since, redis.call('HGETALL', KEYS[1]) }
`;

/** KEYS: the board. ARGV: a field, and how what stands there begins if it is still the same. */
export const REMOVE = `
local text = redis.call('HGET', KEYS[1], ARGV[1])
if text and string.sub(text, 1, #ARGV[2]) == ARGV[2] then redis.call('HDEL', KEYS[1], ARGV[1]) end
return 'ok'
`;
